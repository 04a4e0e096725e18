// /unban: lets a name or an address in again.

import type { Command } from "./command.ts";
import { lift } from "./impose.ts";

export const unban: Command = {
  group: "For operators",
  usage: "unban NAME|ADDRESS",
  summary: "let a name or an address in again",
  example: "/unban bob",
  run({ chat, member, text }) {
    return lift(chat, member, { kind: "ban", text });
  },
};
