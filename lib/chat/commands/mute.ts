// /mute: keeps somebody silent.

import type { Command } from "./command.ts";
import { impose } from "./impose.ts";

export const mute: Command = {
  group: "For operators",
  usage: "mute NAME [FOR] [WHY]",
  summary: "let nobody hear somebody, for 10m, 2h, 7d or for good",
  example: "/mute bob 10m",
  run({ chat, member, text }) {
    return impose(chat, member, { kind: "mute", text });
  },
};
