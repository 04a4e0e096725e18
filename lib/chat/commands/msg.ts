// /msg: words to one person.

import type { Command } from "./command.ts";
import { firstWord, nobody } from "./words.ts";
import { whisper } from "./whisper.ts";

export const msg: Command = {
  group: "Talking",
  aliases: ["whisper", "w", "query", "pm", "tell", "dm"],
  usage: "msg NAME TEXT",
  summary: "say something to one person alone",
  example: "/msg bob see you at 5",
  run({ chat, member, text }) {
    const [name, words] = firstWord(text);
    if (words === "") return false;
    whisper(chat, member, { to: chat.find(name) ?? nobody(name), words });
  },
};
