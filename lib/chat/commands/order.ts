// What operators do to keep order, for their commands.

import { duration, remaining, type Subject, subjectOf } from "../bans.ts";
import type { Ban } from "../history.ts";
import type { Deed, House } from "../house.ts";
import type { Member } from "../member.ts";
import { isName, nameKey } from "../names.ts";
import { firstWord, nobody } from "./words.ts";

/** Most bans and mutes at once. */
const MOST = 10_000;

/** Logs what an operator did. */
export function audit(house: House, member: Member, deed: Omit<Deed, "who">): void {
  house.options.audit({ who: member.name, ...deed });
}

/** Ends somebody's connection, and says who did it and why. */
export function dismiss(
  house: House,
  whom: Member,
  { by, did, why }: { by: string; did: string; why: string },
): void {
  const said = `${did} by ${by}${why && `: ${why}`}`;
  house.tell(whom, `You were ${said}.`);
  house.leave(whom, { why: said, said });
}

/** Bans or mutes: `NAME [FOR] [WHY]`. */
export function impose(
  house: House,
  member: Member,
  { kind, text }: { kind: Ban["kind"]; text: string },
): void | false {
  const [whom, rest] = firstWord(text);
  if (whom === "") return false;
  const [first, others] = firstWord(rest);
  const lasts = duration(first);
  const why = lasts === undefined ? rest : others;
  const subject = subjectOf(whom);
  if (subject.isAddress ? kind === "mute" : !isName(whom, 20)) return false;
  if (house.bans.all(house.dueAt).length >= MOST) {
    return house.refuse(member, `There are ${MOST} bans and mutes: /unban some first.`);
  }
  const until = lasts === undefined ? undefined : house.dueAt + lasts;
  const ban: Ban = { kind, ...subject, why, by: member.name, until };
  house.bans.add(ban);
  house.keep({ kind: "ban", ban });
  const did = kind === "ban" ? "banned" : "muted";
  const length = remaining(ban, house.dueAt);
  for (const other of affected(house, subject)) {
    if (kind === "ban") dismiss(house, other, { by: member.name, did: did + length, why });
    else house.tell(other, `You were muted by ${member.name}${length}${why && `: ${why}`}.`);
  }
  house.tell(member, `${whom} is ${did}${length || " until you change that"}.`);
  audit(house, member, { did: kind + length, whom, why });
}

/** Takes a ban or mute back. */
export function lift(
  house: House,
  member: Member,
  { kind, text }: { kind: Ban["kind"]; text: string },
): void | false {
  if (text === "" || text.includes(" ")) return false;
  const did = kind === "ban" ? "banned" : "muted";
  const { subject } = subjectOf(text);
  if (house.bans.remove({ kind, subject }) === undefined) {
    return house.refuse(member, `${text} is not ${did}.`);
  }
  house.keep({ kind: "unban", ban: { kind, subject } });
  house.tell(member, `${text} is ${did} no more.`);
  audit(house, member, { did: `un${kind}`, whom: text, why: "" });
}

/** Makes a registered name an operator, or one no more. */
export function appoint(
  house: House,
  member: Member,
  { name, isOperator }: { name: string; isOperator: boolean },
): void | false {
  if (name === "" || name.includes(" ")) return false;
  const account = house.accounts.find(name);
  if (account === undefined) {
    return house.refuse(
      member,
      `${house.find(name) ? `${name} is not registered.` : nobody(name)}`,
    );
  }
  const changed = { ...account, isOperator };
  house.accounts.put(changed);
  house.keep({ kind: "account", account: changed });
  const holder = house.find(name);
  if (holder?.account?.id === account.id) {
    holder.account = changed;
    house.tell(holder, `You are ${isOperator ? "an operator" : "an operator no more"}.`);
  }
  house.tell(member, `${account.name} is ${isOperator ? "an operator" : "no operator"} now.`);
  audit(house, member, { did: isOperator ? "op" : "deop", whom: account.name, why: "" });
}

/** Those who are here and bear the name, or come from the address. */
function affected(house: House, { subject, isAddress }: Subject): Member[] {
  if (isAddress) {
    return [...house.members.values()]
      .filter(({ address }) => house.bans.ofAddress(address, house.dueAt)?.subject === subject);
  }
  return [...house.members.values()].filter(({ name }) => nameKey(name) === subject);
}
