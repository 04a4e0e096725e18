// /rooms: which rooms there are.

import type { Listed } from "../signal.ts";
import type { Command } from "./command.ts";

export const rooms: Command = {
  group: "Rooms",
  aliases: ["list", "channels"],
  usage: "rooms",
  summary: "list the rooms",
  example: "/rooms",
  run({ house, member, text }) {
    if (text !== "") return false;
    const rooms = Array.from(house.rooms.all(), (room): Listed => ({
      name: room.name,
      size: room.members.size,
      isLocked: room.isLocked,
      topic: room.admits(member) ? room.topic : "",
    }));
    if (member.isApp) return house.signal(member, { kind: "signal", what: "rooms", rooms });
    const lines = rooms.map(({ name, size, isLocked, topic }) =>
      `#${name} (${size} here${isLocked ? ", locked" : ""})${topic && `: ${topic}`}`
    );
    house.tell(member, ...lines);
  },
};
