// /kick: ends somebody's connection.

import { silenced } from "../talk.ts";
import { whom } from "../whom.ts";
import type { Command } from "./command.ts";
import { audit, dismiss } from "./order.ts";
import { firstWord, nobody } from "./words.ts";

export const kick: Command = {
  group: "For operators",
  isDrastic: true,
  usage: "kick NAME [WHY]",
  summary: "end somebody's connection",
  example: "/kick bob enough now",
  run({ house, member, text }) {
    const [name, why] = firstWord(text);
    if (name === "") return false;
    const refusal = silenced(house, member);
    if (refusal !== undefined) return house.refuse(member, refusal);
    const other = whom(house, name, "alike")?.member;
    if (other === undefined) return house.refuse(member, nobody(name));
    if (other === member) return house.refuse(member, "That is you: /quit leaves.");
    dismiss(house, other, { by: member.name, did: "kicked", why });
    house.tell(member, `${other.name} is gone.`);
    audit(house, member, { did: "kick", whom: other.name, why });
  },
};
