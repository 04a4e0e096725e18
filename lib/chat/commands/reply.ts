// /reply: words to whoever wrote last.

import { present } from "../whom.ts";
import type { Command } from "./command.ts";
import { whisper } from "./whisper.ts";

export const reply: Command = {
  group: "Talking",
  aliases: ["r"],
  usage: "reply TEXT",
  summary: "answer the last private message",
  example: "/reply fine with me",
  run({ chat, member, text }) {
    if (text === "") return false;
    const from = member.lastFrom;
    if (from === undefined) return chat.refuse(member, "Nobody has written to you alone yet.");
    whisper(chat, member, { to: present(chat, from) ?? `${from.name} is gone.`, words: text });
  },
};
