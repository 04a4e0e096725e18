// /ban: keeps a name or an address out.

import type { Command } from "./command.ts";
import { impose } from "./impose.ts";

export const ban: Command = {
  group: "For operators",
  isDrastic: true,
  usage: "ban NAME|ADDRESS [FOR] [WHY]",
  summary: "keep a name out, or an address such as 10.1.2.0/24",
  example: "/ban bob 7d spam",
  run({ chat, member, text }) {
    return impose(chat, member, { kind: "ban", text });
  },
};
