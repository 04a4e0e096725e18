// /nick: takes another name.

import type { Command } from "./command.ts";
import { rename } from "../identity.ts";

export const nick: Command = {
  group: "Your name",
  usage: "nick NAME [PASSWORD]",
  summary: "take another name; a registered one for its password",
  example: "/nick alice",
  run({ chat, member, text }) {
    if (text === "") return false;
    rename(chat, member, text);
  },
};
