// /leave: back to the lobby.

import type { Command } from "./command.ts";
import { move } from "./move.ts";

export const leave: Command = {
  group: "Rooms",
  usage: "leave",
  summary: "go back to the lobby",
  example: "/leave",
  run({ house, member, text }) {
    if (text !== "") return false;
    const { lobby } = house.rooms;
    if (member.room === lobby) return house.tell(member, "You are in the lobby; /quit leaves it.");
    move(house, member, lobby);
  },
};
