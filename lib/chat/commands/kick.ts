// /kick: ends somebody's connection.

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
    const whom = house.find(name);
    if (whom === undefined) return house.refuse(member, nobody(name));
    dismiss(house, whom, { by: member.name, did: "kicked", why });
    house.tell(member, `${whom.name} is gone.`);
    audit(house, member, { did: "kick", whom: whom.name, why });
  },
};
