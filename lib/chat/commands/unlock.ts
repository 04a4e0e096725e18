// /unlock: who may enter.

import type { Command } from "./command.ts";
import { setLock } from "./set_lock.ts";

export const unlock: Command = {
  group: "Rooms",
  usage: "unlock",
  summary: "let everyone in again, and read what was said",
  example: "/unlock",
  run({ chat, member, room, text }) {
    if (text !== "") return false;
    setLock(chat, member, { room, isLocked: false });
  },
};
