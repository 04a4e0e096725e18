// /history: what was said before.

import type { Command } from "./command.ts";

/** How many messages it shows unasked, and at most. */
const USUAL = 20, MOST = 1000;

export const history: Command = {
  group: "Talking",
  usage: "history [N]",
  summary: "show the last 20 messages, or the last N",
  example: "/history 100",
  run({ chat, member, room, text }) {
    const count = text === "" ? USUAL : Number(text);
    if (!Number.isInteger(count) || count < 1 || count > MOST) return false;
    if (member.hears) chat.recall(member, { room, isMine: true, range: { count } });
    chat.tell(member, `So far in #${room.name}.`);
  },
};
