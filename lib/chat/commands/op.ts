// /op: makes somebody an operator.

import type { Command } from "./command.ts";
import { appoint } from "./moderation.ts";

export const op: Command = {
  group: "For operators",
  usage: "op NAME",
  summary: "make a registered name an operator",
  example: "/op bob",
  run({ chat, member, text }) {
    return appoint(chat, member, { name: text, isOperator: true });
  },
};
