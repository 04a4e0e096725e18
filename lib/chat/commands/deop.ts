// /deop: makes somebody an operator no more.

import type { Command } from "./command.ts";
import { appoint } from "./moderation.ts";

export const deop: Command = {
  group: "For operators",
  usage: "deop NAME",
  summary: "make somebody an operator no more",
  example: "/deop bob",
  run({ chat, member, text }) {
    return appoint(chat, member, { name: text, isOperator: false });
  },
};
