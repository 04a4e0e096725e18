// /unmute: lets somebody speak again.

import type { Command } from "./command.ts";
import { lift } from "./impose.ts";

export const unmute: Command = {
  group: "For operators",
  usage: "unmute NAME",
  summary: "let somebody be heard again",
  example: "/unmute bob",
  run({ chat, member, text }) {
    return lift(chat, member, { kind: "mute", text });
  },
};
