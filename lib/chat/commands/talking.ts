// The commands for talking: messages to everyone or to one person, earlier messages, and help.

import type { Chat } from "../chat.ts";
import type { Account } from "../history.ts";
import { requestPage } from "../history_page.ts";
import { startJob } from "../login.ts";
import type { Member } from "../member.ts";
import { editLast, takeBackLast, takeBackLastOf } from "../mend.ts";
import { isTooLong, silenced } from "../messages.ts";
import { depart } from "../devices.ts";
import { leaveWords, say, sayTo } from "../say.ts";
import type { Refusal } from "../refusals.ts";
import { author } from "../room.ts";
import { noSuchPerson, present, whom } from "../whom.ts";
import { type Call, type Commands, find, firstWord, noSuch } from "./command.ts";

/** How many messages /history sends by default, and at most. */
const USUAL_HISTORY = 20, MOST_HISTORY = 1000;
/** Most words of a search that count, and most messages that it sends. */
const MOST_WORDS = 8, MOST_FOUND = 20;

/** What /help lists under "Talking", in its order. */
export const TALKING: Commands = {
  me: {
    aliases: ["action"],
    usage: "me ACTION",
    summary: "describe what you are doing",
    example: "/me waves",
    run({ chat, member, connection, room, text }) {
      if (text === "") return false;
      if (isTooLong(chat, { member, connection }, text)) return;
      say(chat, { member, connection, room }, { kind: "action", text });
    },
  },
  msg: {
    aliases: ["whisper", "w", "query", "pm", "tell", "dm"],
    usage: "msg NAME TEXT",
    summary: "send a private message",
    example: "/msg bob see you at 5",
    run({ chat, member, connection, text }) {
      const [name, words] = firstWord(text);
      if (words === "") return false;
      const person = whom(chat, name, "exact");
      const to = person?.member ?? person?.account ?? unknown(name);
      whisper(chat, { member, connection }, { to, words });
    },
  },
  reply: {
    aliases: ["r"],
    usage: "reply TEXT",
    summary: "answer the last private message",
    example: "/reply fine with me",
    run({ chat, member, connection, text }) {
      if (text === "") return false;
      const from = member.lastFrom;
      if (from === undefined) {
        return chat.refuse(member, {
          code: "no-such-person",
          text: "Nobody has sent you a private message yet.",
        });
      }
      const gone: Refusal = { code: "no-such-person", text: `${from.name} is gone.` };
      const account = from.account === undefined ? undefined : chat.accounts.get(from.account);
      const to = present(chat, from) ?? account ?? gone;
      whisper(chat, { member, connection }, { to, words: text });
    },
  },
  edit: {
    usage: "edit TEXT",
    summary: "put TEXT in place of your last message in this room",
    example: "/edit hello there",
    run({ chat, member, connection, room, text }) {
      if (text === "") return false;
      editLast(chat, { member, connection, room }, text);
    },
  },
  delete: {
    isDrastic: true,
    usage: "delete [NAME]",
    summary: "take back your last message in this room; operators: NAME's",
    example: "/delete",
    run({ chat, member, connection, room, text }) {
      if (text === "") return takeBackLast(chat, { member, connection, room });
      if (text.includes(" ")) return false;
      if (!member.account?.isOperator) {
        return chat.refuse(member, {
          code: "operators-only",
          text: "/delete NAME is for operators; /delete takes back your own last message.",
        });
      }
      takeBackLastOf(chat, { member, connection, room }, text);
    },
  },
  history: {
    usage: "history [N]",
    summary: "show the last 20 messages, or the last N",
    example: "/history 100",
    answer({ chat, member, connection, room, text }) {
      const count = text === "" ? USUAL_HISTORY : Number(text);
      if (!Number.isInteger(count) || count < 1 || count > MOST_HISTORY) return false;
      if (connection.hears) {
        const { answering: answers } = chat;
        requestPage(chat, connection, { room, isMine: true, range: { count }, answers });
      }
      chat.tell(member, `So far in #${room.name}.`);
    },
  },
  search: {
    usage: "search WORDS",
    summary: "find messages with all of these words",
    example: "/search tea kettle",
    answer(request) {
      const { chat, member, connection, text } = request;
      const words = text.split(/\s+/u).filter((word) => word !== "");
      if (words.length === 0) return false;
      const rooms = (id: number) => chat.rooms.get(id)?.admits(member);
      startJob(request, {
        kind: "search",
        address: connection.address,
        search: {
          words: words.slice(0, MOST_WORDS),
          reader: author(member),
          rooms,
          count: MOST_FOUND,
        },
      });
    },
  },
  echo: {
    usage: "echo on|off",
    summary: "show or hide your own lines",
    example: "/echo off",
    answer({ chat, member, connection, text }) {
      if (text !== "on" && text !== "off") return false;
      chat.effects.push({ kind: "echo", connection: connection.id, isOn: text === "on" });
      chat.tell(
        member,
        text === "on" ? "You see your own lines." : "You do not see your own lines.",
      );
    },
  },
  help: {
    aliases: ["?"],
    usage: "help [COMMAND]",
    summary: "list the commands, or explain one",
    example: "/help nick",
    answer({ chat, member, text, table }) {
      const isOperator = member.account?.isOperator === true;
      if (text === "") {
        const commands = [...table.values()].filter(({ group }) =>
          group !== "For operators" || isOperator
        );
        const width = Math.max(...commands.map(({ usage }) => usage.length));
        for (const [group, own] of Map.groupBy(commands, ({ group }) => group)) {
          const lines = own.map(({ usage, summary }) => `  /${usage.padEnd(width)}  ${summary}`);
          chat.tell(member, `${group}:`, ...lines);
        }
        return;
      }
      const name = text.replace(/^\//, ""), command = find(table, name);
      if (command === undefined) return chat.refuse(member, noSuch(table, name, member));
      const { usage, summary, example } = command;
      chat.tell(member, `/${usage}: ${summary}. Example: ${example}`);
    },
  },
  quit: {
    aliases: ["exit", "bye", "q"],
    isDrastic: true,
    isQuiet: true,
    usage: "quit [MESSAGE]",
    summary: "end this connection, with a last message",
    example: "/quit tea time",
    run({ chat, member, connection, text }) {
      if (isTooLong(chat, { member, connection }, text)) return;
      chat.tell(member, "Goodbye.");
      depart(chat, { member, connection }, { why: "quit", said: text });
    },
  },
};

/** Says that a private message can reach nobody of that name. */
function unknown(name: string): Refusal {
  const { code, text } = noSuchPerson(name);
  return { code, text: `${text} Messages wait only for registered names, so yours was not sent.` };
}

/** Sends a private message, or has it wait, or says why not; `to` is a refusal if nobody was found. */
function whisper(
  chat: Chat,
  by: Pick<Call, "member" | "connection">,
  { to, words }: { to: Member | Account | Refusal; words: string },
): void {
  const { member } = by;
  const refusal = silenced(chat, member);
  if (refusal !== undefined) return chat.refuse(member, refusal);
  if ("code" in to) return chat.refuse(member, to);
  if (isTooLong(chat, by, words)) return;
  if ("connections" in to) sayTo(chat, { ...by, to }, words);
  else leaveWords(chat, { ...by, to }, words);
}
