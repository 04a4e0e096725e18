// /search: what was said with these words.

import type { Command } from "./command.ts";
import { author } from "../room.ts";

/** How many words count, and how many messages are shown. */
const MOST_WORDS = 8, FOUND = 20;

export const search: Command = {
  group: "Talking",
  usage: "search WORDS",
  summary: "find messages with all of these words",
  example: "/search tea kettle",
  run({ chat, member, text }) {
    const words = text.split(/\s+/u).filter((word) => word !== "");
    if (words.length === 0) return false;
    const rooms = (id: number) => chat.rooms.get(id)?.admits(member);
    chat.send(member, {
      kind: "search",
      address: member.address,
      search: { words: words.slice(0, MOST_WORDS), reader: author(member), rooms, count: FOUND },
    });
  },
};
