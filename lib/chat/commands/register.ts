// /register: makes a name one's own.

import type { Command } from "./command.ts";
import { register as register_ } from "../identity.ts";

export const register: Command = {
  group: "Your name",
  usage: "register PASSWORD",
  summary: "make your name yours: nobody else can take it",
  example: "/register a-long-password",
  run({ chat, member, text }) {
    if (text === "") return false;
    register_(chat, member, text);
  },
};
