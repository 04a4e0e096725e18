// /me: an action instead of words.

import { isTooLong } from "../messages.ts";
import { say } from "../say.ts";
import type { Command } from "./command.ts";

export const me: Command = {
  group: "Talking",
  aliases: ["action"],
  usage: "me ACTION",
  summary: "do something instead of saying it",
  example: "/me waves",
  run({ chat, member, room, text }) {
    if (text === "") return false;
    if (isTooLong(chat, member, text)) return;
    say(chat, { member, room }, { kind: "action", text });
  },
};
