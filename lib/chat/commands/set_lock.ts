// Whether a room is open to all, for /lock and /unlock.

import type { Chat } from "../chat.ts";
import type { Member } from "../member.ts";
import type { Room } from "../room.ts";
import { silenced } from "../messages.ts";
import { introduce } from "../traffic.ts";

/** Locks or unlocks a room that a member is in, or says why not. */
export function setLock(
  chat: Chat,
  member: Member,
  { room, isLocked }: { room: Room; isLocked: boolean },
): void {
  if (room === chat.rooms.lobby) return chat.refuse(member, "The lobby is open to everyone.");
  if (!room.isRuledBy(member)) {
    return chat.refuse(member, "Whoever made this room decides who enters.");
  }
  if (room.isLocked === isLocked) {
    return chat.refuse(member, `#${room.name} is ${isLocked ? "locked" : "open"} already.`);
  }
  const refusal = silenced(chat, member);
  if (refusal !== undefined) return chat.refuse(member, refusal);
  room.isLocked = isLocked;
  chat.rooms.keep(room);
  const what = isLocked ? "locked the room: /invite NAME lets others in" : "unlocked the room";
  introduce(chat, { member, room });
  chat.announce(room, `${member.name} ${what}`, member.id);
  chat.effects.toRoom(room, { kind: "state", what: "lock", room, isLocked });
}
