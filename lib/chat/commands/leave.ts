// /leave: back to the lobby.

import type { Command } from "./command.ts";
import { move } from "./move.ts";
import { firstWord } from "./words.ts";

export const leave: Command = {
  group: "Rooms",
  aliases: ["part"],
  usage: "leave",
  summary: "go back to the lobby",
  example: "/leave",
  run({ house, member, room: here, text }) {
    const [name, rest] = firstWord(text);
    if (rest !== "") return false;
    const { lobby } = house.rooms;
    const room = name === "" ? here : house.rooms.find(name);
    if (room === undefined && !name.startsWith("#")) return false;
    if (room === undefined || !member.rooms.has(room)) {
      return house.refuse(member, `You are not in ${name.slice(0, 31).toWellFormed()}.`);
    }
    if (room === lobby) return house.refuse(member, "You are in the lobby; /quit leaves it.");
    if (member.isApp) house.exit(member, room);
    else move(house, member, lobby);
  },
};
