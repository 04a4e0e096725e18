// /ignore: not to hear somebody.

import type { Command } from "./command.ts";
import { NO_FILTER } from "../member.ts";
import { isName, NAME_RULE, nameKey, unseenIn } from "../names.ts";

/** Most people that one can ignore. */
const MOST = 100;

export const ignore: Command = {
  group: "You and others",
  usage: "ignore NAME",
  summary: "not to be sent what somebody says",
  example: "/ignore bob",
  run({ chat, member, text }) {
    if (text.includes(" ")) return false;
    const ignored = (member.filter ?? NO_FILTER).names;
    if (text === "") {
      const names = [...ignored.values()].join(", ");
      return chat.tell(member, names ? `You ignore ${names}.` : "You ignore nobody.");
    }
    if (!isName(text, 20)) {
      return chat.refuse(member, `A name is ${NAME_RULE}${unseenIn(text, 20)}.`);
    }
    if (nameKey(text) === nameKey(member.name)) return chat.refuse(member, "That is you.");
    if (ignored.size >= MOST) return chat.refuse(member, `You can ignore ${MOST} people.`);
    chat.ignorers.add(member, text, chat.find(text));
    chat.tell(member, `You do not hear ${text} any more: /unignore ${text} changes that.`);
  },
};
