// Whose a name is: names are changed, registered and claimed here. A password comes in with a command
// and leaves with an errand; it is kept nowhere.

import type { ErrandResult } from "./errand.ts";
import type { Found } from "./history.ts";
import type { House } from "./house.ts";
import { type Member, NO_FILTER, pending, wantsAgain } from "./member.ts";
import { checkName } from "./names.ts";
import { unreadable } from "./recollection.ts";
import { silenced } from "./talk.ts";
import { remaining } from "./term.ts";

/** Least and most characters of a password. */
export const LEAST = 8, MOST = 200;
/** Most messages that "you missed" counts. */
const MISSED = 1000;

/** Gives a member another name, or tells it why not; a registered one for its password. */
export function rename(house: House, member: Member, wanted: string): void {
  const [, nameText = "", password = ""] = /^(\S+)\s*(.*)$/s.exec(wanted) ?? [];
  // What was asked for before is not asked for any more.
  if (member.pending !== undefined) member.pending.claims = "";
  const checked = checkName(nameText);
  if ("refused" in checked) return house.refuse(member, checked.refused);
  const { name } = checked;
  if (member.name === name) return house.refuse(member, `You are ${name} already.`);
  const refusal = silenced(house, member) ?? banned(house, name);
  if (refusal !== undefined) return house.refuse(member, refusal);
  const account = house.accounts.rival(name, member.account);
  if (account !== undefined) {
    if (house.accounts.find(name) !== account) {
      return house.refuse(member, `${name} looks like ${account.name}: choose another name.`);
    }
    pending(member).claims = account.name;
    if (password !== "") return identify(house, member, password);
    return house.refuse(
      member,
      `${account.name} is registered: if it is yours, /identify PASSWORD; else choose another name.`,
    );
  }
  const isOwn = house.accounts.rival(name) !== undefined;
  if (!isOwn && password !== "") {
    return house.refuse(
      member,
      `${name} is not registered: /nick ${name} takes it, and no more words.`,
    );
  }
  const rival = house.names.rival(name, member.id);
  if (rival !== undefined) {
    const bearer = house.members.get(rival)?.name ?? name;
    const why = bearer === name ? "is taken" : `is taken, or looks like ${bearer}`;
    return house.refuse(member, `${name} ${why}: choose another name.`);
  }
  // Another name is another person, until they identify again.
  if (!isOwn && member.account !== undefined) house.identify(member, undefined);
  house.name(member, name);
}

/** Shows that a registered name is the member's own. */
export function identify(house: House, member: Member, password: string): void {
  const wanted = member.pending?.claims || member.name;
  const account = house.accounts.find(wanted);
  if (account === undefined) {
    return house.refuse(
      member,
      `${wanted} is not registered: /nick NAME first says which name is yours.`,
    );
  }
  if (member.account === account) return house.refuse(member, `You are ${account.name} already.`);
  const refusal = silenced(house, member) ?? banned(house, account.name);
  if (refusal !== undefined) return house.refuse(member, refusal);
  const { id, name, hash } = account;
  house.send(member, {
    kind: "verify",
    name,
    account: id,
    password,
    hash,
    address: member.address,
  });
}

/** Makes the name that a member bears its own. */
export function register(house: House, member: Member, password: string): void {
  const { name } = member;
  if (member.account !== undefined) return house.refuse(member, `${name} is yours already.`);
  if ("refused" in checkName(name)) {
    return house.refuse(member, "A guest name cannot be registered: /nick NAME first.");
  }
  if (password.length < LEAST || password.length > MOST) {
    return house.refuse(member, `A password has ${LEAST} to ${MOST} characters.`);
  }
  const state = pending(member);
  if (!member.isPrivate && !state.isWarned) {
    state.isWarned = true;
    return house.refuse(
      member,
      "This connection is not encrypted: others may read your password on its way. " +
        "Use one that you use nowhere else, and type the command again to go on.",
    );
  }
  house.send(member, { kind: "hash", name, password, address: member.address });
}

/** Gives a registered name up. */
export function unregister(house: House, member: Member): void {
  const { account } = member;
  if (account === undefined) return house.refuse(member, "Your name is not registered.");
  house.accounts.remove(account);
  house.keep({ kind: "account gone", id: account.id });
  house.identify(member, undefined);
  pending(member).claims = "";
  house.tell(
    member,
    `${member.name} is not registered any more: anyone may take it once you leave.`,
  );
}

/** An errand of the member's has come back. */
export function conclude(house: House, member: Member, result: ErrandResult): void {
  pending(member).isWaiting = false;
  switch (result.kind) {
    case "hashed":
      return registered(house, member, result);
    case "verified":
      return verified(house, member, result);
    case "busy":
      return house.refuse(member, "Too many ask for that just now: try again in a minute.");
    case "later": {
      const minutes = Math.ceil(result.wait / 60_000);
      const when = minutes === 1 ? "a minute" : `${minutes} minutes`;
      return house.refuse(
        member,
        `Too many names were registered from your network: try again in ${when}.`,
      );
    }
    case "found":
      return found(house, member, result);
    case "entered":
      // It is in already.
      return;
  }
}

function found(house: House, member: Member, { messages, trouble }: Found): void {
  const wanted = messages.filter((message) => wantsAgain(member.filter ?? NO_FILTER, message));
  if (trouble !== undefined) house.refuse(member, unreadable(trouble));
  if (trouble !== undefined && wanted.length === 0) return;
  house.steps.toMember(member, { kind: "finding", messages: wanted });
}

function registered(
  house: House,
  member: Member,
  { name, hash }: { name: string; hash: string },
): void {
  if (member.name !== name || house.accounts.rival(name) !== undefined) {
    return house.refuse(member, "Your name has changed meanwhile, so nothing was registered.");
  }
  const account = house.accounts.create(name, hash);
  house.keep({ kind: "account new", account });
  house.identify(member, account);
  pending(member).claims = "";
  const lasting = house.options.history.lasts
    ? ""
    : " until the server stops (it runs without --history)";
  house.tell(member, `${name} is yours now${lasting}. Next time: /nick ${name} PASSWORD`);
}

function verified(
  house: House,
  member: Member,
  { account: id, isRight, name }: Extract<ErrandResult, { kind: "verified" }>,
): void {
  const account = house.accounts.get(id);
  if (!isRight || account === undefined) {
    return house.refuse(member, `That is not the password of ${name}.`);
  }
  // An operator may have done so meanwhile.
  const refusal = silenced(house, member) ?? banned(house, account.name);
  if (refusal !== undefined) return house.refuse(member, refusal);
  pending(member).claims = "";
  const ghost = house.lookalike(account.name);
  if (ghost !== undefined && ghost !== member) {
    house.tell(ghost, `${account.name} has come in again from elsewhere: this connection ends.`);
    house.leave(ghost, { why: "replaced by a new connection", said: "back in a moment" });
  }
  house.identify(member, account);
  if (member.name !== account.name) house.name(member, account.name);
  house.tell(member, `You are ${account.name}.`);
  for (const room of member.rooms) {
    const missed = house.options.history.missed(account.id, room.id, MISSED);
    if (missed === 0) continue;
    const count = missed >= MISSED
      ? `${MISSED} messages or more`
      : `${missed} message${missed === 1 ? "" : "s"}`;
    house.tell(member, `You missed ${count} in #${room.name}: see /history ${missed}`);
  }
}

/** Why nobody may bear this name just now. */
function banned(house: House, name: string): string | undefined {
  const ban = house.bans.ofName("ban", name, house.dueAt);
  if (ban === undefined) return;
  return `${ban.shown} is banned${remaining(ban, house.dueAt)}${ban.why && `: ${ban.why}`}.`;
}
