// /who: lists those in the room.

import type { Command } from "./command.ts";

export const who: Command = {
  usage: "who",
  summary: "list who is here",
  example: "/who",
  run({ house, member, text }) {
    if (text !== "") return false;
    house.tell(member, `Here (${member.room.members.size}): ${house.who(member.room)}`);
  },
};
