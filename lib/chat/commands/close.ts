// /close: ends a room.

import { silenced } from "../talk.ts";
import type { Command } from "./command.ts";
import { arrive } from "./move.ts";
import { audit } from "./order.ts";
import { firstWord, noRoom } from "./words.ts";

export const close: Command = {
  group: "For operators",
  isDrastic: true,
  usage: "close ROOM [WHY]",
  summary: "end a room; those in it go to the lobby",
  example: "/close #tea too loud",
  run({ house, member, text }) {
    const [name, why] = firstWord(text);
    if (name === "") return false;
    const refusal = silenced(house, member);
    if (refusal !== undefined) return house.refuse(member, refusal);
    const room = house.rooms.find(name);
    const { lobby } = house.rooms;
    if (room === undefined) return house.refuse(member, noRoom(name));
    if (room === lobby) return house.refuse(member, "The lobby cannot be closed: all start there.");
    for (const other of [...room.members]) {
      house.exit(other, room, { isClosing: true });
      house.tell(other, `#${room.name} was closed by ${member.name}${why && `: ${why}`}.`);
      if (!other.isApp) arrive(house, other, lobby);
    }
    house.rooms.drop(room);
    house.tell(member, `#${room.name} is closed.`);
    audit(house, member, { did: "close", whom: `#${room.name}`, why });
  },
};
