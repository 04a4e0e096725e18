// /leave: back to the lobby.

import type { Command } from "./command.ts";
import { move } from "./move.ts";

export const leave: Command = {
  group: "Rooms",
  usage: "leave",
  summary: "go back to the lobby",
  example: "/leave",
  run({ house, member, room, text }) {
    if (text !== "") return false;
    const { lobby } = house.rooms;
    if (room === lobby) return house.refuse(member, "You are in the lobby; /quit leaves it.");
    if (member.isApp) house.exit(member, room);
    else move(house, member, lobby);
  },
};
