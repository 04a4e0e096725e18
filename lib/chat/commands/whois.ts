// /whois: who somebody is.

import { awayWords } from "../messages.ts";
import { whom } from "../whom.ts";
import type { Command } from "./command.ts";
import { nobody } from "./words.ts";

export const whois: Command = {
  group: "You and others",
  usage: "whois NAME",
  summary: "say what is known of somebody",
  example: "/whois bob",
  run({ chat, member, text }) {
    if (text === "" || text.includes(" ")) return false;
    const person = whom(chat, text, "alike");
    if (person?.member === undefined) {
      return chat.tell(
        member,
        person ? `${person.name} is registered, and not here.` : nobody(text),
      );
    }
    const { account, address, away, name } = person.member;
    const facts = [
      account === undefined
        ? "not registered"
        : account.name === name
        ? "registered and identified"
        : `registered and identified as ${account.name}`,
    ];
    if (account?.isOperator) facts.push("an operator");
    const rooms = [...person.member.rooms].filter((room) => room.admits(member));
    if (rooms.length > 0) facts.push(`in ${rooms.map((room) => `#${room.name}`).join(", ")}`);
    if (away) facts.push(`away${awayWords(chat, member, person.member)}`);
    if (member.account?.isOperator) facts.push(`from ${address}`);
    chat.tell(member, `${name} is ${facts.join(", ")}.`);
  },
};
