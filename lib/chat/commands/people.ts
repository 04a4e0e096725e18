// The commands about people: who is here and who they are, whom you ignore, and that you are away.

import type { Chat } from "../chat.ts";
import { depart } from "../devices.ts";
import { ignoredBy, MOST_IGNORED } from "../ignorers.ts";
import { type Connection, ignoredAs, isApp, type Member, NO_FILTER } from "../member.ts";
import { awayWords, silenced } from "../messages.ts";
import { isNewcomer } from "../newcomers.ts";
import { nodeOf } from "../node.ts";
import { isName, NAME_RULE, unseenIn } from "../names.ts";
import { lasting } from "../term.ts";
import { introduce } from "../traffic.ts";
import { noteIgnored } from "../visit.ts";
import { nobody, whom } from "../whom.ts";
import type { Commands } from "./command.ts";
import { noRoom } from "./rooms.ts";

/** Most characters of the reason for being away. */
const LONGEST_AWAY = 200;

/** What /help lists under "You and others", in its order. */
export const PEOPLE: Commands = {
  who: {
    aliases: ["names", "users"],
    usage: "who [ROOM]",
    summary: "list who is here, or in another room",
    example: "/who #tea",
    answer({ chat, member, room, text }) {
      const asked = text === "" ? room : chat.rooms.find(text);
      if (asked === undefined) return chat.refuse(member, noRoom(text));
      if (!asked.admits(member)) {
        return chat.refuse(member, { code: "room-locked", text: `#${asked.name} is locked.` });
      }
      const where = asked === room ? "Here" : `In #${asked.name}`;
      chat.tell(member, `${where} (${asked.members.size}): ${asked.names() || "nobody"}`);
      if (asked === room && isNewcomer(member)) {
        chat.tell(member, "You are listed once you say something, or have stayed a while.");
      }
    },
  },
  whois: {
    usage: "whois NAME",
    summary: "show what is known about somebody",
    example: "/whois bob",
    answer({ chat, member, connection, text }) {
      if (text === "" || text.includes(" ")) return false;
      const person = whom(chat, text, "alike");
      if (person?.member === undefined) {
        return chat.tell(
          member,
          person ? `${person.name} is registered, and not here.` : nobody(text),
        );
      }
      const { account, away, connections, name } = person.member;
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
      if (chat.nodes.isNetwork) facts.push(`on ${nodeNames(chat, person.member)}`);
      if (away) facts.push(`away${awayWords(chat, member, person.member)}`);
      if (person.member.isLost) {
        facts.push("not reachable, since the connection is lost");
      }
      const isOperator = member.account?.isOperator === true, isSelf = person.member === member;
      if (isOperator) {
        facts.push(`from ${[...new Set(connections.map(({ address }) => address))].join(" and ")}`);
      }
      chat.tell(member, `${name} is ${facts.join(", ")}.`);
      if (!isSelf && !(isOperator && connections.length > 1)) return;
      chat.tell(member, ...connections.map((each) => describe(chat, each, connection)));
    },
  },
  disconnect: {
    isDrastic: true,
    isQuiet: true,
    usage: "disconnect N",
    summary: "end one of your connections, by its number in /whois",
    example: "/disconnect 2",
    run({ chat, member, text }) {
      const connection = member.connections.find(({ number }) => String(number) === text);
      if (!/^\d+$/.test(text)) return false;
      if (connection === undefined) {
        return chat.refuse(member, {
          code: "nothing-to-change",
          text: `You have no connection ${text.slice(0, 20)}: /whois ${member.name} lists them.`,
        });
      }
      chat.tellAt(connection, "You have ended this connection.");
      if (connection.id !== chat.effects.asker) chat.tell(member, `Connection ${text} is ended.`);
      depart(chat, { member, connection }, { why: "ended by its own user" });
    },
  },
  ignore: {
    usage: "ignore NAME",
    summary: "hide what somebody says",
    example: "/ignore bob",
    asks(text) {
      return text === "";
    },
    answer({ chat, member }) {
      const names = [...ignoredBy(member)].join(", ");
      chat.tell(member, names ? `You ignore ${names}.` : "You ignore nobody.");
    },
    run({ chat, member, text }) {
      if (text.includes(" ")) return false;
      if (!isName(text, 20)) {
        return chat.refuse(member, {
          code: "name-invalid",
          text: `A name is ${NAME_RULE}${unseenIn(text, 20)}.`,
        });
      }
      const bearer = whom(chat, text, "alike")?.member;
      if (bearer === member) {
        return chat.refuse(member, { code: "not-allowed", text: "That is you." });
      }
      if (ignoredBy(member).size >= MOST_IGNORED) {
        return chat.refuse(member, {
          code: "limit",
          text: `You can ignore ${MOST_IGNORED} people.`,
        });
      }
      chat.ignorers.add(member, text, bearer);
      noteIgnored(chat, member);
      chat.tell(member, `You do not hear ${text} any more: /unignore ${text} changes that.`);
    },
  },
  unignore: {
    usage: "unignore NAME",
    summary: "show again what somebody says",
    example: "/unignore bob",
    run({ chat, member, text }) {
      if (text === "" || text.includes(" ")) return false;
      const filter = member.filter ?? NO_FILTER;
      const ignored = ignoredAs(filter, text);
      if (ignored === undefined) {
        const name = text.slice(0, 20).toWellFormed();
        return chat.refuse(member, {
          code: "nothing-to-change",
          text: `You do not ignore ${name}${unseenIn(text, 20)}.`,
        });
      }
      const others = ignoredBy(member);
      others.delete(ignored);
      // The others whom it ignores are known by name; those who are here are looked up again.
      chat.ignorers.set(member, NO_FILTER);
      for (const name of others) {
        chat.ignorers.add(member, name, whom(chat, name, "alike")?.member);
      }
      noteIgnored(chat, member);
      chat.tell(member, `You hear ${text} again.`);
    },
  },
  away: {
    usage: "away [TEXT]",
    summary: "say that you are away; without TEXT, that you are back",
    example: "/away lunch",
    run({ chat, member, text }) {
      const refusal = silenced(chat, member);
      if (refusal !== undefined) return chat.refuse(member, refusal);
      member.away = text.slice(0, LONGEST_AWAY).toWellFormed();
      for (const room of member.rooms) {
        const { name, away } = member;
        introduce(chat, { member, room });
        chat.effects.toRoom(room, {
          ...{ kind: "state", what: "away", room: room.tag },
          ...{ name, isAway: away !== "" },
        });
      }
      chat.tell(
        member,
        text === "" ? "You are back." : "You are away: /away says that you are back.",
      );
    },
  },
};

/** One of somebody's connections, for themselves and operators; `own` is that of who asks. */
function describe(chat: Chat, connection: Connection, own: Connection): string {
  const { id, number, address, since, lostSince } = connection;
  const facts = [
    `${isApp(connection) ? "page or bot" : "terminal"} at ${address}`,
    ...(chat.nodes.isNetwork ? [`on ${chat.nodes.get(nodeOf(id))?.name ?? "no server"}`] : []),
    `for ${lasting(chat.at - since)}`,
    ...(lostSince === undefined ? [] : [`lost for ${lasting(chat.at - lostSince)}`]),
    ...(connection === own ? ["this one"] : []),
  ];
  return `Connection ${number}: ${facts.join(", ")}`;
}

/** The nodes that a member is on. */
function nodeNames({ nodes }: Chat, { connections }: Member): string {
  const names = connections.map(({ id }) => nodes.get(nodeOf(id))?.name ?? "no server");
  return [...new Set(names)].join(" and ");
}
