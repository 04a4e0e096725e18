// Finds the person that a name means, even if they use another name just now. It is whoever uses or
// registered exactly that name; failing that, whoever has a name that looks like it.

import type { Author } from "./message.ts";
import type { Account } from "./history.ts";
import type { Chat } from "./chat.ts";
import type { Refusal } from "./refusals.ts";
import type { Member } from "./member.ts";
import { unseenIn } from "./names.ts";
import type { Presence } from "./state_change.ts";

/** A person: here, or registered, or both. */
export interface Person {
  /** The registered name; without one, the name they have now. */
  readonly name: string;
  readonly member: Member | undefined;
  readonly account: Account | undefined;
}

/** The person that a name means: by exactly that name, or also by one that looks like it. */
export function whom(chat: Chat, name: string, how: "exact" | "alike"): Person | undefined {
  const { accounts } = chat;
  const exact = ofMember(chat.find(name)) ?? ofAccount(chat, accounts.find(name));
  if (exact !== undefined || how === "exact") return exact;
  return ofMember(chat.lookalike(name)) ?? ofAccount(chat, accounts.rival(name));
}

/** The author of a message, if they are here: on the same connection, or identified on another. */
export function present(chat: Chat, { member, account }: Author): Member | undefined {
  return chat.members.get(member) ??
    (account === undefined ? undefined : ofAccount(chat, chat.accounts.get(account))?.member);
}

/** Whether somebody with exactly this name is here. */
export function presenceOf(chat: Chat, name: string): { name: string; presence: Presence } {
  const person = whom(chat, name, "exact");
  if (person?.member !== undefined) {
    const { isLost, away } = person.member;
    return { name, presence: isLost ? "lost" : away ? "away" : "here" };
  }
  return { name, presence: person === undefined ? "unknown" : "absent" };
}

/** Whether a member is that person. */
export function isPerson(member: Member, { member: other, account }: Person): boolean {
  return member === other || account !== undefined && member.account?.id === account.id;
}

/** Says that nobody has a name. The name is what somebody typed, so it is shortened before it is repeated. */
export function nobody(name: string): string {
  return `Nobody here is called ${name.slice(0, 20).toWellFormed()}${unseenIn(name, 20)}.`;
}

/** The same, as the reason why something was not done. */
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
  // A member who is identified has the name of the account, or one that looks like it.
  const bearer = chat.lookalike(account.name);
  const member = bearer?.account?.id === account.id ? bearer : undefined;
  return { name: account.name, member, account };
}
