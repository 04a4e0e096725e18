// /who: lists those in a room.

import type { Command } from "./command.ts";

export const who: Command = {
  group: "You and others",
  usage: "who [ROOM]",
  summary: "list who is here, or in another room",
  example: "/who #tea",
  run({ house, member, text }) {
    if (text === "" || house.rooms.find(text) === member.room) {
      const { room } = member;
      return house.tell(member, `Here (${room.members.size}): ${room.names()}`);
    }
    const room = house.rooms.find(text);
    if (room === undefined) {
      return house.tell(member, `There is no room ${text}: /rooms lists them.`);
    }
    if (!room.admits(member)) return house.tell(member, `#${room.name} is locked.`);
    house.tell(member, `In #${room.name} (${room.members.size}): ${room.names() || "nobody"}`);
  },
};
