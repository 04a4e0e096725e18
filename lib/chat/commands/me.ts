// /me: an action instead of words.

import { say } from "../talk.ts";
import type { Command } from "./command.ts";

export const me: Command = {
  group: "Talking",
  usage: "me ACTION",
  summary: "do something instead of saying it",
  example: "/me waves",
  run({ house, member, room, text }) {
    if (text === "") return false;
    say(house, { member, room }, { kind: "action", text });
  },
};
