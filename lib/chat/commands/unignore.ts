// /unignore: to hear somebody again.

import type { Command } from "./command.ts";
import { ignoredAs, NO_FILTER } from "../member.ts";
import { whom } from "../whom.ts";

export const unignore: Command = {
  group: "You and others",
  usage: "unignore NAME",
  summary: "to be sent again what somebody says",
  example: "/unignore bob",
  run({ chat, member, text }) {
    if (text === "" || text.includes(" ")) return false;
    const filter = member.filter ?? NO_FILTER;
    const ignored = ignoredAs(filter, text);
    if (ignored === undefined) return chat.refuse(member, `You do not ignore ${text}.`);
    const others = new Set(filter.names.values());
    others.delete(ignored);
    // Whom else it ignores is known by name: those of them who are here are found again.
    chat.effects.filter(member, { ...filter, ids: new Set(), names: new Map() });
    for (const name of others) chat.ignorers.add(member, name, whom(chat, name, "alike")?.member);
    chat.tell(member, `You hear ${text} again.`);
  },
};
