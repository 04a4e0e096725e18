// What operators do about people, for their commands: how it is logged and told, and who is an operator.

import type { AuditEntry, Chat } from "../chat.ts";
import type { Member } from "../member.ts";
import { whom } from "../whom.ts";
import { nobody } from "./words.ts";

/** Logs what an operator did. */
export function audit(chat: Chat, member: Member, entry: Omit<AuditEntry, "who">): void {
  chat.options.audit({ who: member.name, ...entry });
}

/** Ends somebody's connection, and says who did it and why. */
export function dismiss(
  chat: Chat,
  member: Member,
  { by, did, why }: { by: string; did: string; why: string },
): void {
  const said = `${did} by ${by}${why && `: ${why}`}`;
  chat.tell(member, `You were ${said}.`);
  chat.leave(member, { why: said, said });
}

/** Makes a registered name an operator, or one no more. */
export function appoint(
  chat: Chat,
  member: Member,
  { name, isOperator }: { name: string; isOperator: boolean },
): void | false {
  if (name === "" || name.includes(" ")) return false;
  // Nothing is given to whoever only looks like the one who is meant.
  const person = whom(chat, name, isOperator ? "exact" : "alike");
  const account = person?.account;
  if (account === undefined) {
    return chat.refuse(member, person ? `${person.name} is not registered.` : nobody(name));
  }
  if (!isOperator && account === member.account && chat.accounts.operators() === 1) {
    return chat.refuse(member, "You are the only operator: /op somebody else first.");
  }
  const changed = { ...account, isOperator };
  chat.accounts.put(changed);
  chat.keep({ kind: "account operator", id: account.id, isOperator });
  for (const holder of chat.members.values()) {
    if (holder.account?.id !== account.id) continue;
    holder.account = changed;
    chat.tell(holder, `You are ${isOperator ? "an operator" : "an operator no more"}.`);
  }
  chat.tell(member, `${account.name} is ${isOperator ? "an operator" : "no operator"} now.`);
  audit(chat, member, { did: isOperator ? "op" : "deop", whom: account.name, why: "" });
}
