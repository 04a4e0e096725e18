// /who: lists those in a room.

import type { Command } from "./command.ts";
import { noRoom } from "./words.ts";

export const who: Command = {
  group: "You and others",
  aliases: ["names", "users"],
  usage: "who [ROOM]",
  summary: "list who is here, or in another room",
  example: "/who #tea",
  run({ chat, member, room, text }) {
    const asked = text === "" ? room : chat.rooms.find(text);
    if (asked === undefined) return chat.refuse(member, noRoom(text));
    if (!asked.admits(member)) return chat.refuse(member, `#${asked.name} is locked.`);
    const where = asked === room ? "Here" : `In #${asked.name}`;
    chat.tell(member, `${where} (${asked.members.size}): ${asked.names() || "nobody"}`);
  },
};
