// /nick: takes another name.

import type { Command } from "./command.ts";

export const nick: Command = {
  usage: "nick NAME",
  summary: "take another name",
  example: "/nick alice",
  run({ house, member, text }) {
    if (text === "") return false;
    house.rename(member, text);
  },
};
