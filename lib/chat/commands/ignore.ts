// /ignore: not to hear somebody.

import type { Command } from "./command.ts";
import { NO_FILTER } from "../member.ts";
import { isName, NAME_RULE, unseenIn } from "../names.ts";
import { whom } from "../whom.ts";

/** Most people that one can ignore. */
const MOST = 100;

export const ignore: Command = {
  group: "You and others",
  usage: "ignore NAME",
  summary: "not to be sent what somebody says",
  example: "/ignore bob",
  run({ chat, member, text }) {
    if (text.includes(" ")) return false;
    const ignored = new Set((member.filter ?? NO_FILTER).names.values());
    if (text === "") {
      const names = [...ignored].join(", ");
      return chat.tell(member, names ? `You ignore ${names}.` : "You ignore nobody.");
    }
    if (!isName(text, 20)) {
      return chat.refuse(member, `A name is ${NAME_RULE}${unseenIn(text, 20)}.`);
    }
    const bearer = whom(chat, text, "alike")?.member;
    if (bearer === member) return chat.refuse(member, "That is you.");
    if (ignored.size >= MOST) return chat.refuse(member, `You can ignore ${MOST} people.`);
    chat.ignorers.add(member, text, bearer);
    chat.tell(member, `You do not hear ${text} any more: /unignore ${text} changes that.`);
  },
};
