// /away: not at the keyboard.

import { silenced } from "../messages.ts";
import { introduce } from "../traffic.ts";
import type { Command } from "./command.ts";

/** Most characters of it. */
const LONGEST = 200;

export const away: Command = {
  group: "You and others",
  usage: "away [TEXT]",
  summary: "say that you are away; without TEXT, that you are back",
  example: "/away lunch",
  run({ chat, member, text }) {
    const refusal = silenced(chat, member);
    if (refusal !== undefined) return chat.refuse(member, refusal);
    member.away = text.slice(0, LONGEST).toWellFormed();
    for (const room of member.rooms) {
      const { name, away } = member;
      introduce(chat, { member, room });
      chat.effects.toRoom(room, { kind: "state", what: "away", room, name, isAway: away !== "" });
    }
    chat.tell(
      member,
      text === "" ? "You are back." : "You are away: /away says that you are back.",
    );
  },
};
