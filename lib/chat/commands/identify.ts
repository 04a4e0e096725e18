// /identify: shows that a name is one's own.

import type { Command } from "./command.ts";
import { identify as identify_ } from "../identity.ts";

export const identify: Command = {
  group: "Your name",
  usage: "identify PASSWORD",
  summary: "show that the name is yours",
  example: "/identify a-long-password",
  run({ chat, member, text }) {
    if (text === "") return false;
    identify_(chat, member, text);
  },
};
