// /announce: a word to every room.

import type { Command } from "./command.ts";
import { isTooLong, silenced } from "../messages.ts";
import { introduce } from "../traffic.ts";
import { audit } from "./moderation.ts";

export const announce: Command = {
  group: "For operators",
  usage: "announce TEXT",
  summary: "say something in every room",
  example: "/announce back in ten minutes",
  run({ chat, member, text }) {
    if (text === "") return false;
    const refusal = silenced(chat, member);
    if (refusal !== undefined) return chat.refuse(member, refusal);
    if (isTooLong(chat, member, text)) return;
    for (const room of chat.rooms.all()) {
      introduce(chat, { member, room });
      chat.announce(room, `${member.name} announces: ${text}`);
    }
    audit(chat, member, { did: "announce", whom: "everyone", why: text });
  },
};
