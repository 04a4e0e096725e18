// Changing, registering and claiming names. A password arrives with a command and leaves with a job; it is
// kept nowhere.

import type { JobResult } from "./job.ts";
import type { Found } from "./history.ts";
import type { Chat } from "./chat.ts";
import { type Member, NO_FILTER, pending, wantsAgain } from "./member.ts";
import { checkName } from "./names.ts";
import { unreadable } from "./history_page.ts";
import type { Refusal } from "./refusals.ts";
import { silenced } from "./messages.ts";
import { remaining } from "./term.ts";
import { plural } from "../std/plural.ts";

/** Least and most characters of a password. */
export const LEAST = 8, MOST = 200;
/** Most messages that "you missed" counts. */
const MISSED = 1000;

/** Gives a member another name, or tells it why not; for a registered name it asks for the password. */
export function rename(chat: Chat, member: Member, wanted: string): void {
  const [, nameText = "", password = ""] = /^(\S+)\s*(.*)$/s.exec(wanted) ?? [];
  // An earlier claim is dropped.
  if (member.pending !== undefined) member.pending.claims = "";
  const checked = checkName(nameText);
  if ("refused" in checked) {
    return chat.refuse(member, { code: "name-invalid", text: checked.refused });
  }
  const { name } = checked;
  if (member.name === name) {
    return chat.refuse(member, { code: "nothing-to-change", text: `You are ${name} already.` });
  }
  const refusal = silenced(chat, member) ?? banned(chat, name);
  if (refusal !== undefined) return chat.refuse(member, refusal);
  const account = chat.accounts.rival(name, member.account);
  if (account !== undefined) {
    if (chat.accounts.find(name) !== account) {
      return chat.refuse(member, {
        code: "name-taken",
        text: `${name} looks like ${account.name}: choose another name.`,
      });
    }
    pending(member).claims = account.name;
    if (password !== "") return identify(chat, member, password);
    return chat.refuse(member, {
      code: "name-registered",
      text:
        `${account.name} is registered: if it is yours, /identify PASSWORD; else choose another name.`,
    });
  }
  const isOwn = chat.accounts.rival(name) !== undefined;
  if (!isOwn && password !== "") {
    return chat.refuse(member, {
      code: "not-registered",
      text: `${name} is not registered: /nick ${name} without a password takes it.`,
    });
  }
  const rival = chat.names.rival(name, member.id);
  if (rival !== undefined) {
    const bearer = chat.members.get(rival)?.name ?? name;
    const why = bearer === name ? "is taken" : `is taken, or looks like ${bearer}`;
    return chat.refuse(member, {
      code: "name-taken",
      text: `${name} ${why}: choose another name.`,
    });
  }
  // With another name it is another person, until it identifies again.
  if (!isOwn && member.account !== undefined) chat.identify(member, undefined);
  chat.name(member, name);
}

/** Identifies a member, by its password, as the owner of a registered name. */
export function identify(chat: Chat, member: Member, password: string): void {
  const wanted = member.pending?.claims || member.name;
  const account = chat.accounts.find(wanted);
  if (account === undefined) {
    return chat.refuse(member, {
      code: "not-registered",
      text: `${wanted} is not registered: take your name with /nick NAME first.`,
    });
  }
  if (member.account === account) {
    return chat.refuse(member, {
      code: "nothing-to-change",
      text: `You are ${account.name} already.`,
    });
  }
  const refusal = silenced(chat, member) ?? banned(chat, account.name);
  if (refusal !== undefined) return chat.refuse(member, refusal);
  const { id, name, hash } = account;
  chat.send(member, {
    kind: "verify",
    name,
    account: id,
    password,
    hash,
    address: member.address,
  });
}

/** Registers the name that a member has. */
export function register(chat: Chat, member: Member, password: string): void {
  const { name } = member;
  if (member.account !== undefined) {
    return chat.refuse(member, { code: "nothing-to-change", text: `${name} is yours already.` });
  }
  if ("refused" in checkName(name)) {
    return chat.refuse(member, {
      code: "guest-name",
      text: "A guest name cannot be registered: /nick NAME first.",
    });
  }
  if (password.length < LEAST || password.length > MOST) {
    return chat.refuse(member, {
      code: "password-invalid",
      text: `A password has ${LEAST} to ${MOST} characters.`,
    });
  }
  const state = pending(member);
  if (!member.isPrivate && !state.isWarned) {
    state.isWarned = true;
    return chat.refuse(member, {
      code: "not-encrypted",
      text: "This connection is not encrypted: others may be able to read your password. " +
        "Use one that you use nowhere else, and type the command again to go on.",
    });
  }
  chat.send(member, { kind: "hash", name, password, address: member.address });
}

/** Removes the member's registration. */
export function unregister(chat: Chat, member: Member): void {
  const { account } = member;
  if (account === undefined) {
    return chat.refuse(member, { code: "not-registered", text: "Your name is not registered." });
  }
  chat.accounts.remove(account);
  chat.keep({ kind: "account gone", id: account.id });
  chat.identify(member, undefined);
  pending(member).claims = "";
  chat.tell(
    member,
    `${member.name} is no longer registered: anyone can take it after you leave.`,
  );
}

/** Takes the result of a member's job. */
export function conclude(chat: Chat, member: Member, result: JobResult): void {
  const state = pending(member);
  state.isWaiting = false;
  chat.answering = state.answers;
  switch (result.kind) {
    case "hashed":
      return registered(chat, member, result);
    case "verified":
      return verified(chat, member, result);
    case "busy":
      return chat.refuse(member, {
        code: "busy",
        text: "Too many requests at the moment: try again in a minute.",
      });
    case "later": {
      const minutes = Math.ceil(result.wait / 60_000);
      const when = minutes === 1 ? "a minute" : `${minutes} minutes`;
      return chat.refuse(member, {
        code: "limit",
        text: `Too many names were registered from your network: try again in ${when}.`,
      });
    }
    case "found":
      return found(chat, member, result);
    case "entered":
      // It has joined already.
      return;
  }
}

function found(chat: Chat, member: Member, { messages, trouble }: Found): void {
  const wanted = messages.filter((message) => wantsAgain(member.filter ?? NO_FILTER, message));
  if (trouble !== undefined) chat.refuse(member, unreadable(trouble));
  if (trouble !== undefined && wanted.length === 0) return;
  chat.effects.toMember(member, { kind: "search results", messages: wanted });
}

function registered(
  chat: Chat,
  member: Member,
  { name, hash }: { name: string; hash: string },
): void {
  if (member.name !== name || chat.accounts.rival(name) !== undefined) {
    return chat.refuse(member, {
      code: "too-late",
      text: "Your name has changed meanwhile, so nothing was registered.",
    });
  }
  const account = chat.accounts.create(name, hash);
  chat.keep({ kind: "account new", account });
  chat.identify(member, account);
  pending(member).claims = "";
  const lasting = chat.options.history.lasts
    ? ""
    : " until the server stops (it runs without --history)";
  chat.tell(member, `${name} is yours now${lasting}. Next time: /nick ${name} PASSWORD`);
}

function verified(
  chat: Chat,
  member: Member,
  { account: id, isRight, name }: Extract<JobResult, { kind: "verified" }>,
): void {
  const account = chat.accounts.get(id);
  if (!isRight || account === undefined) {
    return chat.refuse(member, {
      code: "wrong-password",
      text: `That is not the password of ${name}.`,
    });
  }
  // An operator may have banned or muted it meanwhile.
  const refusal = silenced(chat, member) ?? banned(chat, account.name);
  if (refusal !== undefined) return chat.refuse(member, refusal);
  pending(member).claims = "";
  const ghost = chat.lookalike(account.name);
  if (ghost !== undefined && ghost !== member) {
    chat.tell(
      ghost,
      `${account.name} has connected again from somewhere else: this connection ends.`,
    );
    chat.leave(ghost, { why: "replaced by a new connection", said: "back in a moment" });
  }
  chat.identify(member, account);
  if (member.name !== account.name) chat.name(member, account.name);
  chat.tell(member, `You are ${account.name}.`);
  for (const room of member.rooms) {
    const missed = chat.options.history.missed(account.id, room.id, MISSED);
    if (missed === 0) continue;
    const count = missed >= MISSED ? `${MISSED} messages or more` : plural(missed, "message");
    chat.tell(member, `You missed ${count} in #${room.name}: see /history ${missed}`);
  }
}

/** Why nobody may use this name just now. */
function banned(chat: Chat, name: string): Refusal | undefined {
  const ban = chat.bans.ofName("ban", name, chat.dueAt);
  if (ban === undefined) return;
  const why = ban.why && `: ${ban.why}`;
  return {
    code: "name-banned",
    text: `${ban.shown} is banned${remaining(ban, chat.dueAt)}${why}.`,
  };
}
