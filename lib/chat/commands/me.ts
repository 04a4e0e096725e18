// /me: an action instead of words.

import { isTooLong, say } from "../talk.ts";
import type { Command } from "./command.ts";

export const me: Command = {
  group: "Talking",
  aliases: ["action"],
  usage: "me ACTION",
  summary: "do something instead of saying it",
  example: "/me waves",
  run({ house, member, room, text }) {
    if (text === "") return false;
    if (isTooLong(house, member, text)) return;
    say(house, { member, room }, { kind: "action", text });
  },
};
