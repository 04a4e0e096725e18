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
  run({ chat, member, room: here, text }) {
    const [name, rest] = firstWord(text);
    if (rest !== "") return false;
    const { lobby } = chat.rooms;
    const room = name === "" ? here : chat.rooms.find(name);
    if (room === undefined && !name.startsWith("#")) return false;
    if (room === undefined || !member.rooms.has(room)) {
      return chat.refuse(member, `You are not in ${name.slice(0, 31).toWellFormed()}.`);
    }
    if (room === lobby) return chat.refuse(member, "You are in the lobby; /quit leaves it.");
    if (member.isApp) chat.exit(member, room);
    else move(chat, member, lobby);
  },
};
