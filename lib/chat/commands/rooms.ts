// /rooms: which rooms there are.

import type { Command } from "./command.ts";

export const rooms: Command = {
  group: "Rooms",
  usage: "rooms",
  summary: "list the rooms",
  example: "/rooms",
  run({ house, member, text }) {
    if (text !== "") return false;
    const lines = Array.from(house.rooms.all(), (room) => {
      const lock = room.isLocked ? ", locked" : "";
      const topic = room.topic && room.admits(member) ? `: ${room.topic}` : "";
      return `#${room.name} (${room.members.size} here${lock})${topic}`;
    });
    house.tell(member, ...lines);
  },
};
