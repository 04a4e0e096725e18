// /quit: leaves, with a last word to the others if there is one.

import { isTooLong } from "../talk.ts";
import type { Command } from "./command.ts";

export const quit: Command = {
  group: "Talking",
  aliases: ["exit", "bye", "q"],
  isDrastic: true,
  usage: "quit [MESSAGE]",
  summary: "leave, with a last word",
  example: "/quit tea time",
  run({ house, member, text }) {
    if (isTooLong(house, member, text)) return;
    house.tell(member, "Goodbye.");
    house.leave(member, { why: "quit", said: text });
  },
};
