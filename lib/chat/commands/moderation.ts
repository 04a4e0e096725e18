// The commands of operators. Bans and mutes are imposed in impose.ts.

import { isInForce } from "../bans.ts";
import type { Chat } from "../chat.ts";
import { startJob } from "../login.ts";
import type { Member } from "../member.ts";
import { isTooLong, silenced } from "../messages.ts";
import { exit, lookers } from "../presence.ts";
import { remaining } from "../term.ts";
import { introduce } from "../traffic.ts";
import { noSuchPerson, whom } from "../whom.ts";
import { type Commands, firstWord } from "./command.ts";
import { audit, dismiss, impose, lift } from "./impose.ts";
import { arrive, noRoom } from "./rooms.ts";

/** How many bans and mutes /bans lists. */
const MOST_LISTED = 100;

/** What /help lists under "For operators", in its order. */
export const MODERATION: Commands = {
  kick: {
    isDrastic: true,
    usage: "kick NAME [WHY]",
    summary: "end somebody's connections",
    example: "/kick bob enough now",
    run({ chat, member, text }) {
      const [name, why] = firstWord(text);
      if (name === "") return false;
      const refusal = silenced(chat, member);
      if (refusal !== undefined) return chat.refuse(member, refusal);
      const other = whom(chat, name, "alike")?.member;
      if (other === undefined) return chat.refuse(member, noSuchPerson(name));
      if (other === member) {
        return chat.refuse(member, { code: "not-allowed", text: "That is you: /quit leaves." });
      }
      dismiss(chat, other, { by: member.name, did: "kicked", why });
      chat.tell(member, `${other.name} is gone.`);
      audit(chat, member, { did: "kick", whom: other.name, why });
    },
  },
  mute: {
    usage: "mute NAME [FOR] [WHY]",
    summary: "silence somebody, for 10m, 2h, 7d or forever",
    example: "/mute bob 10m",
    run({ chat, member, text }) {
      return impose(chat, member, { kind: "mute", text });
    },
  },
  unmute: {
    usage: "unmute NAME",
    summary: "lift a mute",
    example: "/unmute bob",
    run({ chat, member, text }) {
      return lift(chat, member, { kind: "mute", text });
    },
  },
  ban: {
    isDrastic: true,
    usage: "ban NAME|ADDRESS [FOR] [WHY]",
    summary: "keep a name out, or an address such as 10.1.2.0/24",
    example: "/ban bob 7d spam",
    run({ chat, member, text }) {
      return impose(chat, member, { kind: "ban", text });
    },
  },
  unban: {
    usage: "unban NAME|ADDRESS",
    summary: "lift a ban",
    example: "/unban bob",
    run({ chat, member, text }) {
      return lift(chat, member, { kind: "ban", text });
    },
  },
  bans: {
    usage: "bans",
    summary: "list who is banned or muted",
    example: "/bans",
    answer({ chat, member, text }) {
      if (text !== "") return false;
      const ofGuests = chat.members.values()
        .flatMap(({ mute }) => mute !== undefined && isInForce(mute, chat.dueAt) ? [mute] : []);
      const bans = [...chat.bans.inForce(chat.dueAt), ...ofGuests];
      if (bans.length === 0) return chat.tell(member, "Nobody is banned or muted.");
      const lines = bans.slice(0, MOST_LISTED).map((ban) => {
        const why = ban.why && `: ${ban.why}`;
        const what = ban.kind === "ban" ? "banned" : "muted";
        return `${ban.shown} is ${what} by ${ban.by}${remaining(ban, chat.dueAt)}${why}`;
      });
      const more = bans.length - lines.length;
      chat.tell(member, ...lines, ...(more > 0 ? [`and ${more} more`] : []));
    },
  },
  close: {
    isDrastic: true,
    usage: "close ROOM [WHY]",
    summary: "end a room; those in it go to the lobby",
    example: "/close #tea too loud",
    run({ chat, member, text }) {
      const [name, why] = firstWord(text);
      if (name === "") return false;
      const refusal = silenced(chat, member);
      if (refusal !== undefined) return chat.refuse(member, refusal);
      const room = chat.rooms.find(name);
      const { lobby } = chat.rooms;
      if (room === undefined) return chat.refuse(member, noRoom(name));
      if (room === lobby) {
        return chat.refuse(member, {
          code: "not-allowed",
          text: "The lobby cannot be closed: everyone starts there.",
        });
      }
      for (const { id } of [...room.members]) {
        const other = chat.members.get(id)!;
        const lines = lookers(other, room);
        exit(chat, other, room, { isClosing: true });
        chat.tell(other, `#${room.name} was closed by ${member.name}${why && `: ${why}`}.`);
        for (const connection of lines) arrive(chat, { member: other, connection }, lobby);
      }
      chat.rooms.drop(room);
      chat.tell(member, `#${room.name} is closed.`);
      audit(chat, member, { did: "close", whom: `#${room.name}`, why });
    },
  },
  op: {
    usage: "op NAME",
    summary: "make a registered name an operator",
    example: "/op bob",
    run({ chat, member, text }) {
      return appoint(chat, member, { name: text, isOperator: true });
    },
  },
  deop: {
    usage: "deop NAME",
    summary: "make an operator an ordinary member again",
    example: "/deop bob",
    run({ chat, member, text }) {
      return appoint(chat, member, { name: text, isOperator: false });
    },
  },
  announce: {
    usage: "announce TEXT",
    summary: "say something in every room",
    example: "/announce back in ten minutes",
    run({ chat, member, connection, text }) {
      if (text === "") return false;
      const refusal = silenced(chat, member);
      if (refusal !== undefined) return chat.refuse(member, refusal);
      if (isTooLong(chat, { member, connection }, text)) return;
      for (const room of chat.rooms.all()) {
        introduce(chat, { member, room });
        chat.announce(room, `${member.name} announces: ${text}`);
      }
      audit(chat, member, { did: "announce", whom: "everyone", why: text });
    },
  },
  status: {
    aliases: ["stats", "uptime"],
    usage: "status",
    summary: "show how busy the server is, and who reads slowly",
    example: "/status",
    answer(request) {
      if (request.text !== "") return false;
      startJob(request, { kind: "status" });
    },
  },
};

/** Makes a registered name an operator, or an operator no longer. */
function appoint(
  chat: Chat,
  member: Member,
  { name, isOperator }: { name: string; isOperator: boolean },
): void | false {
  if (name === "" || name.includes(" ")) return false;
  // Only the exact name may become an operator, not one that looks like it.
  const person = whom(chat, name, isOperator ? "exact" : "alike");
  const account = person?.account;
  if (account === undefined) {
    return chat.refuse(
      member,
      person
        ? { code: "not-registered", text: `${person.name} is not registered.` }
        : noSuchPerson(name),
    );
  }
  if (!isOperator && account === member.account && chat.accounts.operators() === 1) {
    return chat.refuse(member, {
      code: "not-allowed",
      text: "You are the only operator: /op somebody else first.",
    });
  }
  const changed = { ...account, isOperator };
  chat.accounts.put(changed);
  chat.keep({ kind: "account operator", id: account.id, isOperator });
  for (const holder of chat.members.values()) {
    if (holder.account?.id !== account.id) continue;
    holder.account = changed;
    chat.tell(holder, `You are ${isOperator ? "an operator" : "no longer an operator"}.`);
  }
  chat.tell(member, `${account.name} is ${isOperator ? "an operator" : "no operator"} now.`);
  audit(chat, member, { did: isOperator ? "op" : "deop", whom: account.name, why: "" });
}
