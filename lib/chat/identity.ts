// Who a member is: taking a name, and the verdicts that make a registered name its own. Passwords: login.ts.

import { browserOf, type Chat } from "./chat.ts";
import type { Account } from "./history.ts";
import type { JobResult } from "./job.ts";
import { type Member, newConnection } from "./member.ts";
import { silenced } from "./messages.ts";
import { checkName, guestName, isGuestName } from "./names.ts";
import { announce, isNewcomer } from "./newcomers.ts";
import { passOn } from "./owners.ts";
import { attach, merge, tooMany } from "./devices.ts";
import type { Join } from "./event.ts";
import { admit, giveName, greet } from "./presence.ts";
import type { Refusal } from "./refusals.ts";
import { author, NAMES_GREETED } from "./room.ts";
import { remaining } from "./term.ts";
import { note, removeAccount, resume, tellMissed } from "./visit.ts";

/** A connection may come in: it is one more of who is here from the same browser, or somebody new. */
export function arrive(chat: Chat, join: Join): void {
  const browser = browserOf(join), { lobby: room } = chat.rooms;
  const member = browser === undefined ? undefined : chat.browsers.get(browser);
  if (member === undefined) return admit(chat, join);
  const connection = newConnection(join, { room, at: chat.at });
  const refusal = tooMany(member, [connection]) ?? nameBanned(chat, member.name);
  if (refusal !== undefined) {
    chat.effects.toConnection(join.id, { kind: "notice", ...refusal, at: chat.at });
    return chat.effects.push({ kind: "end", connection: join.id, why: "refused" });
  }
  const others = room.names({ most: NAMES_GREETED, except: member });
  attach(chat, member, { connections: [connection], rooms: [room] });
  greet(chat, { member, connection }, others);
}

/** Identifies a member for another account, or for none; what it has in rooms follows the person. */
export function identify(chat: Chat, member: Member, account: Account | undefined): void {
  const before = member.account?.id;
  member.account = account;
  for (const { lastFrom } of chat.members.values()) {
    if (lastFrom?.member === member.id) lastFrom.account ??= account?.id;
  }
  passOn(chat, { member: member.id, account: before }, author(member));
}

/** The name that a member wants, in the form in which it will be used; or why it can have no such name. */
export function allowedName(chat: Chat, member: Member, wanted: string): string | Refusal {
  const checked = checkName(wanted);
  if ("refused" in checked) return { code: "name-invalid", text: checked.refused };
  const { name } = checked;
  if (member.name === name) {
    return { code: "nothing-to-change", text: `You are ${name} already.` };
  }
  return silenced(chat, member) ?? nameBanned(chat, name) ?? name;
}

/** Says that a name looks like another one that is registered. */
export function looksLike(name: string, account: Account): Refusal {
  return { code: "name-taken", text: `${name} looks like ${account.name}: choose another name.` };
}

/** Gives a member another name, or tells it why not. */
export function rename(chat: Chat, member: Member, wanted: string): void {
  // An earlier claim is dropped.
  member.claims = "";
  const name = allowedName(chat, member, wanted);
  if (typeof name !== "string") return chat.refuse(member, name);
  const account = chat.accounts.rival(name, member.account);
  if (account !== undefined) {
    if (chat.accounts.find(name) !== account) {
      return chat.refuse(member, looksLike(name, account));
    }
    member.claims = account.name;
    return chat.refuse(member, {
      code: "name-registered",
      text:
        `${account.name} is registered: if it is yours, /identify PASSWORD; else choose another name.`,
    });
  }
  const isOwn = chat.accounts.rival(name) !== undefined;
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
  if (!isOwn && member.account !== undefined) identify(chat, member, undefined);
  const isNew = isNewcomer(member);
  giveName(chat, member, name);
  if (isNew) chat.tell(member, `You are ${name}.`);
  announce(chat, member);
}

const NOT_REGISTERED: Refusal = { code: "not-registered", text: "Your name is not registered." };

/** Tells a member what removing its registration means, and how to go on. */
export function askToUnregister(chat: Chat, member: Member): void {
  const { account, name } = member;
  if (account === undefined) return chat.refuse(member, NOT_REGISTERED);
  const text =
    `This deletes your account ${account.name}, and what is kept for it: messages that wait for ` +
    "you or were left by you, whom you ignore, your rooms, and how far you have read. " +
    `To go on, type /unregister ${name}`;
  chat.refuse(member, { code: "confirm", text });
}

/** Removes the member's registration, and what is kept for it. */
export function unregister(chat: Chat, member: Member): void {
  const { account } = member;
  if (account === undefined) return chat.refuse(member, NOT_REGISTERED);
  removeAccount(chat, account.id);
  chat.keep({ kind: "account gone", id: account.id });
  identify(chat, member, undefined);
  member.claims = "";
  chat.tell(
    member,
    `${member.name} is no longer registered: anyone can take it after you leave.`,
  );
}

/** Registers a name whose password was hashed. */
export function registered(
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
  identify(chat, member, account);
  note(chat, member);
  member.claims = "";
  const lasting = chat.options.lasts ? "" : " until the server stops (it runs without --history)";
  chat.tell(member, `${name} is yours now${lasting}. Next time: /nick ${name} PASSWORD`);
}

/** Makes a member the owner of a registered name, or one with who is that already, if the password was right. */
export function verified(
  chat: Chat,
  member: Member,
  { account: id, isRight, name, hash }: Extract<JobResult, { kind: "verified" }>,
): void {
  const account = chat.accounts.get(id);
  member.claims = account?.name ?? "";
  // Another password may count by now.
  if (!isRight || account?.hash !== hash) {
    return chat.refuse(member, {
      code: "wrong-password",
      text: `That is not the password of ${name}.`,
    });
  }
  // An operator may have banned or muted it meanwhile.
  const refusal = silenced(chat, member) ?? nameBanned(chat, account.name) ??
    namedAsGuest(account);
  if (refusal !== undefined) return chat.refuse(member, refusal);
  member.claims = "";
  const rivals = chat.rivals(account.name, member);
  const person = rivals.find((each) => each.account?.id === account.id);
  if (person !== undefined) return unite(chat, member, person);
  for (const rival of rivals) giveWay(chat, rival, account);
  identify(chat, member, account);
  if (member.name !== account.name) giveName(chat, member, account.name);
  chat.tell(member, `You are ${account.name}.`);
  announce(chat, member);
  resume(chat, member, account);
  note(chat, member);
}

/** Takes its name from a member that had it before it was registered, or for an account with a name that looks like it. */
function giveWay(chat: Chat, rival: Member, { name }: Account): void {
  if (rival.account !== undefined) identify(chat, rival, undefined);
  giveName(chat, rival, guestName(rival.id));
  chat.tell(rival, `${name} is somebody else's: you are ${rival.name} now.`);
}

/** Makes a member one with the person that it turns out to be, unless that has too many connections. */
function unite(chat: Chat, member: Member, person: Member): void {
  const refusal = tooMany(person, member.connections);
  if (refusal !== undefined) return chat.refuse(member, refusal);
  const { connections: [...connections] } = member, before = new Set(person.rooms);
  merge(chat, member, person);
  const { name, connections: { length } } = person;
  chat.tell(
    person,
    `You are ${name}.`,
    `You have ${length} connections now: /whois ${name} lists them.`,
  );
  for (const connection of connections) {
    tellMissed(chat, { member: person, connection }, person.rooms.difference(before));
  }
}

/** Changes the password of a member's account, if the old one was right. */
export function passwordChanged(
  chat: Chat,
  member: Member,
  { account: id, hash, next, name }: Extract<JobResult, { kind: "changed" }>,
): void {
  const before = chat.accounts.get(id);
  if (next === undefined || before?.hash !== hash) {
    return chat.refuse(member, {
      code: "wrong-password",
      text: `That is not the password of ${name}, so it was not changed.`,
    });
  }
  const account = { ...before, hash: next };
  chat.accounts.put(account);
  chat.keep({ kind: "account", account, before });
  for (const each of chat.members.values()) if (each.account?.id === id) each.account = account;
  chat.tell(member, `The password of ${account.name} is changed.`);
}

/** Says that nobody can have an account's name, since the server may give it to somebody else. */
function namedAsGuest({ name }: Account): Refusal | undefined {
  if (!isGuestName(name)) return;
  return { code: "guest-name", text: `${name} is a name that the server gives to guests.` };
}

/** Why nobody may use this name just now. */
export function nameBanned(chat: Chat, name: string): Refusal | undefined {
  const ban = chat.bans.ofName("ban", name, chat.dueAt);
  if (ban === undefined) return;
  const why = ban.why && `: ${ban.why}`;
  return {
    code: "name-banned",
    text: `${ban.shown} is banned${remaining(ban, chat.dueAt)}${why}.`,
  };
}
