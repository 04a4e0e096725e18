// /rooms: which rooms there are.

import type { Listed } from "../state_change.ts";
import type { Command } from "./command.ts";

export const rooms: Command = {
  group: "Rooms",
  aliases: ["list", "channels"],
  usage: "rooms",
  summary: "list the rooms",
  example: "/rooms",
  run({ chat, member, text }) {
    if (text !== "") return false;
    const rooms = Array.from(chat.rooms.all(), (room): Listed => ({
      name: room.name,
      size: room.members.size,
      isLocked: room.isLocked,
      topic: room.admits(member) ? room.topic : "",
    }));
    if (member.isApp) return chat.change(member, { kind: "state", what: "rooms", rooms });
    const lines = rooms.map(({ name, size, isLocked, topic }) =>
      `#${name} (${size} here${isLocked ? ", locked" : ""})${topic && `: ${topic}`}`
    );
    chat.tell(member, ...lines);
  },
};
