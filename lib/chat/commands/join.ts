// /join: into another room.

import type { Command } from "./command.ts";
import { move } from "./move.ts";

export const join: Command = {
  group: "Rooms",
  usage: "join ROOM",
  summary: "go to another room; it is made if need be",
  example: "/join #tea",
  run({ house, member, text }) {
    if (text === "" || text.includes(" ")) return false;
    const room = house.rooms.open(text, member);
    if (typeof room === "string") return house.refuse(member, room);
    if (member.rooms.has(room)) return house.refuse(member, `You are in #${room.name} already.`);
    if (!room.admits(member)) {
      return house.refuse(member, `#${room.name} is locked: someone in it has to /invite you.`);
    }
    move(house, member, room);
  },
};
