// /announce: a word to every room.

import type { Command } from "./command.ts";
import { isTooLong, silenced } from "../talk.ts";
import { introduce } from "../traffic.ts";
import { audit } from "./order.ts";

export const announce: Command = {
  group: "For operators",
  usage: "announce TEXT",
  summary: "say something in every room",
  example: "/announce back in ten minutes",
  run({ house, member, text }) {
    if (text === "") return false;
    const refusal = silenced(house, member);
    if (refusal !== undefined) return house.refuse(member, refusal);
    if (isTooLong(house, member, text)) return;
    for (const room of house.rooms.all()) {
      introduce(house, { member, room });
      house.announce(room, `${member.name} announces: ${text}`);
    }
    audit(house, member, { did: "announce", whom: "everyone", why: text });
  },
};
