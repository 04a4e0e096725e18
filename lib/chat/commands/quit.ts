// /quit: leaves, with a last word to the others if there is one.

import { isTooLong } from "../messages.ts";
import type { Command } from "./command.ts";

export const quit: Command = {
  group: "Talking",
  aliases: ["exit", "bye", "q"],
  isDrastic: true,
  usage: "quit [MESSAGE]",
  summary: "leave, with a last word",
  example: "/quit tea time",
  run({ chat, member, text }) {
    if (isTooLong(chat, member, text)) return;
    chat.tell(member, "Goodbye.");
    chat.leave(member, { why: "quit", said: text });
  },
};
