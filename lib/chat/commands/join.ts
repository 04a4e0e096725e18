// /join: into another room.

import { silenced } from "../talk.ts";
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
  run({ house, member, text }) {
    if (text === "" || text.includes(" ")) return false;
    if (member.rooms.size >= MOST_ROOMS) {
      return house.refuse(member, `You are in ${MOST_ROOMS} rooms: /leave one first.`);
    }
    // A name is words too: /rooms shows it to all.
    const refusal = house.rooms.find(text) === undefined ? silenced(house, member) : undefined;
    if (refusal !== undefined) return house.refuse(member, refusal);
    const room = house.rooms.open(text, member);
    if (typeof room === "string") return house.refuse(member, room);
    if (member.rooms.has(room)) return house.refuse(member, `You are in #${room.name} already.`);
    if (!room.admits(member)) {
      return house.refuse(member, `#${room.name} is locked: someone in it has to /invite you.`);
    }
    move(house, member, room);
  },
};
