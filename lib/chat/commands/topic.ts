// /topic: what a room is about.

import { silenced } from "../messages.ts";
import { introduce } from "../traffic.ts";
import type { Command } from "./command.ts";

/** Most characters of a topic. */
const LONGEST = 200;

export const topic: Command = {
  group: "Rooms",
  usage: "topic [TEXT]",
  summary: "show what the room is about, or say so",
  example: "/topic tea at five",
  run({ chat, member, room, text }) {
    if (text === "") {
      return chat.tell(member, room.topic ? `Topic: ${room.topic}` : "There is no topic.");
    }
    const refusal = silenced(chat, member);
    if (refusal !== undefined) return chat.refuse(member, refusal);
    if (text.length > LONGEST) {
      return chat.refuse(member, `A topic has ${LONGEST} characters at most, and - removes it.`);
    }
    room.topic = text === "-" ? "" : text;
    chat.rooms.keep(room);
    const what = room.topic ? `set the topic: ${room.topic}` : "removed the topic";
    introduce(chat, { member, room });
    chat.announce(room, `${member.name} ${what}`, member.id);
    chat.effects.toRoom(room, { kind: "state", what: "topic", room, topic: room.topic });
  },
};
