// /quit: leaves, with a last word to the others if there is one.

import type { Command } from "./command.ts";

export const quit: Command = {
  group: "Talking",
  usage: "quit [MESSAGE]",
  summary: "leave, with a last word",
  example: "/quit tea time",
  run({ house, member, text }) {
    house.tell(member, "Goodbye.");
    house.leave(member, { why: "quit", said: text });
  },
};
