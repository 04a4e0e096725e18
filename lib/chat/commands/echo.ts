// /echo: whether one sees one's own lines.

import type { Command } from "./command.ts";
import { NO_FILTER } from "../member.ts";

export const echo: Command = {
  group: "Talking",
  usage: "echo on|off",
  summary: "whether you are sent your own lines",
  example: "/echo off",
  run({ chat, member, text }) {
    if (text !== "on" && text !== "off") return false;
    const filter = member.filter ?? NO_FILTER;
    chat.effects.filter(member, { ...filter, isEcholess: text === "off" });
    chat.tell(
      member,
      text === "on" ? "You see your own lines." : "You do not see your own lines.",
    );
  },
};
