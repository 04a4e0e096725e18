// /invite: somebody into the room.

import type { Command } from "./command.ts";
import type { Member } from "../member.ts";
import { author, type Room } from "../room.ts";
import { silenced } from "../messages.ts";
import { nobody } from "./words.ts";

/** Most invitations that a room remembers; the oldest go. */
const MOST_INVITED = 100;

function unless(room: Room, member: Member): string | undefined {
  if (room.isLocked && !room.isRuledBy(member)) return "Whoever made this room decides who enters.";
}

export const invite: Command = {
  group: "Rooms",
  usage: "invite NAME",
  summary: "ask somebody in, also past a lock",
  example: "/invite bob",
  run({ chat, member, room, text }) {
    if (text === "" || text.includes(" ")) return false;
    const refusal = silenced(chat, member) ?? unless(room, member);
    if (refusal !== undefined) return chat.refuse(member, refusal);
    const guest = chat.find(text);
    if (guest === undefined) return chat.refuse(member, nobody(text));
    if (!room.admits(guest)) {
      if (room.invited.push(author(guest)) > MOST_INVITED) room.invited.shift();
      chat.rooms.keep(room);
    }
    chat.tell(member, `${guest.name} may enter #${room.name} and was told so.`);
    if (guest.filter?.ids.has(member.id)) return;
    chat.tell(guest, `${member.name} invites you: /join #${room.name}`);
  },
};
