// /unregister: gives a name up.

import type { Command } from "./command.ts";
import { unregister as unregister_ } from "../identity.ts";

export const unregister: Command = {
  group: "Your name",
  isDrastic: true,
  usage: "unregister",
  summary: "give your registered name up",
  example: "/unregister",
  run({ chat, member, text }) {
    if (text !== "") return false;
    unregister_(chat, member);
  },
};
