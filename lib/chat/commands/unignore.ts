// /unignore: to hear somebody again.

import type { Command } from "./command.ts";
import { NO_FILTER } from "../member.ts";
import { nameKey, unseenIn } from "../names.ts";

export const unignore: Command = {
  group: "You and others",
  usage: "unignore NAME",
  summary: "to be sent again what somebody says",
  example: "/unignore bob",
  run({ chat, member, text }) {
    if (text === "" || text.includes(" ")) return false;
    const filter = member.filter ?? NO_FILTER;
    const names = new Map(filter.names);
    if (!names.delete(nameKey(text))) {
      const name = text.slice(0, 20).toWellFormed();
      return chat.refuse(member, `You do not ignore ${name}${unseenIn(text, 20)}.`);
    }
    // Whom else it ignores is known by name: those of them who are here are found again.
    chat.effects.filter(member, { ...filter, ids: new Set(), names });
    for (const name of names.values()) chat.ignorers.add(member, name, chat.find(name));
    chat.tell(member, `You hear ${text} again.`);
  },
};
