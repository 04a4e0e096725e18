// /topic: what a room is about.

import { silenced } from "../talk.ts";
import { introduce } from "../traffic.ts";
import type { Command } from "./command.ts";

/** Most characters of a topic. */
const LONGEST = 200;

export const topic: Command = {
  group: "Rooms",
  usage: "topic [TEXT]",
  summary: "show what the room is about, or say so",
  example: "/topic tea at five",
  run({ house, member, room, text }) {
    if (text === "") {
      return house.tell(member, room.topic ? `Topic: ${room.topic}` : "There is no topic.");
    }
    const refusal = silenced(house, member);
    if (refusal !== undefined) return house.refuse(member, refusal);
    if (text.length > LONGEST) {
      return house.refuse(member, `A topic has ${LONGEST} characters at most, and - removes it.`);
    }
    room.topic = text === "-" ? "" : text;
    house.rooms.keep(room);
    const what = room.topic ? `set the topic: ${room.topic}` : "removed the topic";
    introduce(house, { member, room });
    house.announce(room, `${member.name} ${what}`, member.id);
    house.steps.toRoom(room, { kind: "signal", what: "topic", room, topic: room.topic });
  },
};
