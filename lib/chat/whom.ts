// Whom a name means: the person behind it, though they bear it otherwise just now. A name that is borne or
// registered means whoever has it; else it means whoever has one that looks like it.

import type { Author } from "./event.ts";
import type { Account } from "./history.ts";
import type { Chat } from "./chat.ts";
import type { Refusal } from "./refusals.ts";
import type { Member } from "./member.ts";
import { unseenIn } from "./names.ts";

/** A person: here, or registered, or both. */
export interface Person {
  /** The registered name; without one, what they are called now. */
  readonly name: string;
  readonly member: Member | undefined;
  readonly account: Account | undefined;
}

/** The person whom a name means, by the very name alone or also by what looks like it. */
export function whom(chat: Chat, name: string, how: "exact" | "alike"): Person | undefined {
  const { accounts } = chat;
  const exact = ofMember(chat.find(name)) ?? ofAccount(chat, accounts.find(name));
  if (exact !== undefined || how === "exact") return exact;
  return ofMember(chat.lookalike(name)) ?? ofAccount(chat, accounts.rival(name));
}

/** Whoever spoke, if they are here: on that connection, or identified again on another. */
export function present(chat: Chat, { member, account }: Author): Member | undefined {
  return chat.members.get(member) ??
    (account === undefined ? undefined : ofAccount(chat, chat.accounts.get(account))?.member);
}

/** Whether a member is that person. */
export function isPerson(member: Member, { member: other, account }: Person): boolean {
  return member === other || account !== undefined && member.account?.id === account.id;
}

/** That nobody bears a name, which is what somebody typed: bounded before it is repeated. */
export function nobody(name: string): string {
  return `Nobody here is called ${name.slice(0, 20).toWellFormed()}${unseenIn(name, 20)}.`;
}

/** The same, where something was not done for it. */
export function noSuchPerson(name: string): Refusal {
  return { code: "no-such-person", text: nobody(name) };
}

function ofMember(member: Member | undefined): Person | undefined {
  if (member === undefined) return;
  const { account } = member;
  return { name: account?.name ?? member.name, member, account };
}

function ofAccount(chat: Chat, account: Account | undefined): Person | undefined {
  if (account === undefined) return;
  // Whoever is identified bears the name of the account, or one that looks like it.
  const bearer = chat.lookalike(account.name);
  const member = bearer?.account?.id === account.id ? bearer : undefined;
  return { name: account.name, member, account };
}
