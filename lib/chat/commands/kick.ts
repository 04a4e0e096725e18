// /kick: ends somebody's connection.

import { silenced } from "../messages.ts";
import { whom } from "../whom.ts";
import type { Command } from "./command.ts";
import { audit, dismiss } from "./moderation.ts";
import { firstWord, nobody } from "./words.ts";

export const kick: Command = {
  group: "For operators",
  isDrastic: true,
  usage: "kick NAME [WHY]",
  summary: "end somebody's connection",
  example: "/kick bob enough now",
  run({ chat, member, text }) {
    const [name, why] = firstWord(text);
    if (name === "") return false;
    const refusal = silenced(chat, member);
    if (refusal !== undefined) return chat.refuse(member, refusal);
    const other = whom(chat, name, "alike")?.member;
    if (other === undefined) return chat.refuse(member, nobody(name));
    if (other === member) return chat.refuse(member, "That is you: /quit leaves.");
    dismiss(chat, other, { by: member.name, did: "kicked", why });
    chat.tell(member, `${other.name} is gone.`);
    audit(chat, member, { did: "kick", whom: other.name, why });
  },
};
