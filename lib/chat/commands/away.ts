// /away: not at the keyboard.

import { silenced } from "../talk.ts";
import { introduce } from "../traffic.ts";
import type { Command } from "./command.ts";

/** Most characters of it. */
const LONGEST = 200;

export const away: Command = {
  group: "You and others",
  usage: "away [TEXT]",
  summary: "say that you are away; without TEXT, that you are back",
  example: "/away lunch",
  run({ house, member, text }) {
    const refusal = silenced(house, member);
    if (refusal !== undefined) return house.refuse(member, refusal);
    member.away = text.slice(0, LONGEST).toWellFormed();
    for (const room of member.rooms) {
      const { name, away } = member;
      introduce(house, { member, room });
      house.steps.toRoom(room, { kind: "signal", what: "away", room, name, isAway: away !== "" });
    }
    house.tell(
      member,
      text === "" ? "You are back." : "You are away: /away says that you are back.",
    );
  },
};
