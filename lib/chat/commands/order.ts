// What operators do about people, for their commands: how it is logged and told, and who is an operator.

import type { Deed, House } from "../house.ts";
import type { Member } from "../member.ts";
import { whom } from "../whom.ts";
import { nobody } from "./words.ts";

/** Logs what an operator did. */
export function audit(house: House, member: Member, deed: Omit<Deed, "who">): void {
  house.options.audit({ who: member.name, ...deed });
}

/** Ends somebody's connection, and says who did it and why. */
export function dismiss(
  house: House,
  member: Member,
  { by, did, why }: { by: string; did: string; why: string },
): void {
  const said = `${did} by ${by}${why && `: ${why}`}`;
  house.tell(member, `You were ${said}.`);
  house.leave(member, { why: said, said });
}

/** Makes a registered name an operator, or one no more. */
export function appoint(
  house: House,
  member: Member,
  { name, isOperator }: { name: string; isOperator: boolean },
): void | false {
  if (name === "" || name.includes(" ")) return false;
  // Nothing is given to whoever only looks like the one who is meant.
  const person = whom(house, name, isOperator ? "exact" : "alike");
  const account = person?.account;
  if (account === undefined) {
    return house.refuse(member, person ? `${person.name} is not registered.` : nobody(name));
  }
  if (!isOperator && account === member.account && house.accounts.operators() === 1) {
    return house.refuse(member, "You are the only operator: /op somebody else first.");
  }
  const changed = { ...account, isOperator };
  house.accounts.put(changed);
  house.keep({ kind: "account operator", id: account.id, isOperator });
  for (const holder of house.members.values()) {
    if (holder.account?.id !== account.id) continue;
    holder.account = changed;
    house.tell(holder, `You are ${isOperator ? "an operator" : "an operator no more"}.`);
  }
  house.tell(member, `${account.name} is ${isOperator ? "an operator" : "no operator"} now.`);
  audit(house, member, { did: isOperator ? "op" : "deop", whom: account.name, why: "" });
}
