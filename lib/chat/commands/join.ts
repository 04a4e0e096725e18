// /join: into another room.

import { silenced } from "../messages.ts";
import type { Command } from "./command.ts";
import { move } from "./move.ts";

/** Rooms that an app may be in at once: there are not so many that it could take them all. */
const MOST_ROOMS = 20;

export const join: Command = {
  group: "Rooms",
  aliases: ["j"],
  usage: "join ROOM",
  summary: "go to another room; it is made if need be",
  example: "/join #tea",
  run({ chat, member, text }) {
    if (text === "" || text.includes(" ")) return false;
    if (member.rooms.size >= MOST_ROOMS) {
      return chat.refuse(member, `You are in ${MOST_ROOMS} rooms: /leave one first.`);
    }
    // A name is words too: /rooms shows it to all.
    const refusal = chat.rooms.find(text) === undefined ? silenced(chat, member) : undefined;
    if (refusal !== undefined) return chat.refuse(member, refusal);
    const room = chat.rooms.open(text, member);
    if (typeof room === "string") return chat.refuse(member, room);
    if (member.rooms.has(room)) return chat.refuse(member, `You are in #${room.name} already.`);
    if (!room.admits(member)) {
      return chat.refuse(member, `#${room.name} is locked: someone in it has to /invite you.`);
    }
    move(chat, member, room);
  },
};
