// Who decides about rooms, and who is invited to them, when somebody leaves the chat or becomes another person.
// Rooms come and go in rooms.ts.

import type { Chat } from "./chat.ts";
import type { Author } from "./message.ts";
import type { Occupant } from "./occupant.ts";
import { author, isSame } from "./room.ts";

/** A member has left the chat: the rooms it ruled as a guest go to their eldest member, or are dropped. */
export function disown({ rooms, accounts }: Chat, member: Occupant): void {
  for (const room of [...rooms.all()]) {
    const { owner } = room;
    const isAccount = owner?.account !== undefined && accounts.get(owner.account) !== undefined;
    if (isAccount || !isSame(owner, author(member))) continue;
    const [eldest] = room.members;
    room.owner = eldest && author(eldest);
    if (room.members.size === 0 && room.isLost) rooms.drop(room);
    else if (room.isKept) rooms.keep(room);
  }
}

/**
 * A member is now identified for another account, or for none, or is one with another member, and so is another
 * person. What it had as a guest goes to that person; what it had by its old account stays there, while there is one.
 */
export function passOn({ rooms, accounts }: Chat, before: Author, now: Author): void {
  const renew = (who: Author): Author => {
    const isTheirs = who.member === before.member ||
      before.account !== undefined && who.account === before.account;
    if (!isTheirs || who.account !== undefined && who.account === now.account) return who;
    if (who.account === undefined || accounts.get(who.account) === undefined) return now;
    return { member: 0, account: who.account };
  };
  for (const room of rooms.all()) {
    const owner = room.owner && renew(room.owner);
    const invited = room.invited.map(renew);
    const isChanged = owner?.account !== room.owner?.account ||
      invited.some(({ account }, i) => account !== room.invited[i]!.account);
    room.owner = owner;
    room.invited.splice(0, Infinity, ...invited);
    if (isChanged && room.isKept) rooms.keep(room);
  }
}
