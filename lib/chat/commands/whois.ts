// /whois: who somebody is.

import type { Command } from "./command.ts";
import { nobody } from "./words.ts";

export const whois: Command = {
  group: "You and others",
  usage: "whois NAME",
  summary: "say what is known of somebody",
  example: "/whois bob",
  run({ house, member, text }) {
    if (text === "" || text.includes(" ")) return false;
    const whom = house.find(text);
    if (whom === undefined) {
      const account = house.accounts.find(text);
      return house.tell(
        member,
        account ? `${account.name} is registered, and not here.` : nobody(text),
      );
    }
    const { account, address, away, name } = whom;
    const facts = [account ? "registered and identified" : "not registered"];
    if (account?.isOperator) facts.push("an operator");
    const rooms = [...whom.rooms].filter((room) => room.admits(member));
    if (rooms.length > 0) facts.push(`in ${rooms.map((room) => `#${room.name}`).join(", ")}`);
    if (away) facts.push(`away: ${away}`);
    if (member.account?.isOperator) facts.push(`from ${address}`);
    house.tell(member, `${name} is ${facts.join(", ")}.`);
  },
};
