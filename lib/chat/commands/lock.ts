// /lock: who may enter.

import type { Command } from "./command.ts";
import { setLock } from "./set_lock.ts";

export const lock: Command = {
  group: "Rooms",
  usage: "lock",
  summary: "let only those in whom you invite",
  example: "/lock",
  run({ chat, member, room, text }) {
    if (text !== "") return false;
    setLock(chat, member, { room, isLocked: true });
  },
};
