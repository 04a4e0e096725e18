// /deop: makes somebody an operator no more.

import type { Command } from "./command.ts";
import { appoint } from "./order.ts";

export const deop: Command = {
  group: "For operators",
  usage: "deop NAME",
  summary: "make somebody an operator no more",
  example: "/deop bob",
  run({ house, member, text }) {
    return appoint(house, member, { name: text, isOperator: false });
  },
};
