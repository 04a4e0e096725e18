// /op: makes somebody an operator.

import type { Command } from "./command.ts";
import { appoint } from "./order.ts";

export const op: Command = {
  group: "For operators",
  usage: "op NAME",
  summary: "make a registered name an operator",
  example: "/op bob",
  run({ house, member, text }) {
    return appoint(house, member, { name: text, isOperator: true });
  },
};
