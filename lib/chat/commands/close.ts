// /close: ends a room.

import { silenced } from "../messages.ts";
import type { Command } from "./command.ts";
import { arrive } from "./move.ts";
import { audit } from "./moderation.ts";
import { firstWord, noRoom } from "./words.ts";

export const close: Command = {
  group: "For operators",
  isDrastic: true,
  usage: "close ROOM [WHY]",
  summary: "end a room; those in it go to the lobby",
  example: "/close #tea too loud",
  run({ chat, member, text }) {
    const [name, why] = firstWord(text);
    if (name === "") return false;
    const refusal = silenced(chat, member);
    if (refusal !== undefined) return chat.refuse(member, refusal);
    const room = chat.rooms.find(name);
    const { lobby } = chat.rooms;
    if (room === undefined) return chat.refuse(member, noRoom(name));
    if (room === lobby) return chat.refuse(member, "The lobby cannot be closed: all start there.");
    for (const { id } of [...room.members]) {
      const other = chat.members.get(id)!;
      chat.exit(other, room, { isClosing: true });
      chat.tell(other, `#${room.name} was closed by ${member.name}${why && `: ${why}`}.`);
      if (!other.isApp) arrive(chat, other, lobby);
    }
    chat.rooms.drop(room);
    chat.tell(member, `#${room.name} is closed.`);
    audit(chat, member, { did: "close", whom: `#${room.name}`, why });
  },
};
