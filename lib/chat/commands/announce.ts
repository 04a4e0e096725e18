// /announce: a word to every room.

import { isTooLong } from "../talk.ts";
import type { Command } from "./command.ts";
import { audit } from "./order.ts";

export const announce: Command = {
  group: "For operators",
  usage: "announce TEXT",
  summary: "say something in every room",
  example: "/announce back in ten minutes",
  run({ house, member, text }) {
    if (text === "") return false;
    if (isTooLong(house, member, text)) return;
    for (const room of house.rooms.all()) house.announce(room, `${member.name} announces: ${text}`);
    audit(house, member, { did: "announce", whom: "everyone", why: text });
  },
};
