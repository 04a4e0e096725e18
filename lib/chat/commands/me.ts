// /me: an action instead of words.

import type { Command } from "./command.ts";

export const me: Command = {
  usage: "me ACTION",
  summary: "do something instead of saying it",
  example: "/me waves",
  run({ house, member, text, at }) {
    if (text === "") return false;
    house.say(member, { kind: "action", from: member.name, text, at });
  },
};
