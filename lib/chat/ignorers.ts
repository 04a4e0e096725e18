// Those who ignore others. Whom they ignore they know by name, whoever bears it next; while they are here,
// also by number, so that another name does not help.

import { ignoredAs, type Member, NO_FILTER } from "./member.ts";
import { lookalikes } from "./names.ts";
import type { Effects } from "./effects.ts";

/** Everyone who ignores anyone. */
export class Ignorers {
  readonly #effects: Effects;
  readonly #members = new Set<Member>();

  constructor(effects: Effects) {
    this.#effects = effects;
  }

  /** Notes that whoever ignores this member's name ignores this member. */
  recognize(member: Member): void {
    if (this.#members.size === 0) return;
    for (const each of this.#members) {
      if (ignoredAs(each.filter ?? NO_FILTER, member.name)) this.#ignore(each, member);
    }
  }

  /** `member` is not sent what comes from this name any more, nor from who bears it now. */
  add(member: Member, name: string, bearer: Member | undefined): void {
    const filter = member.filter ?? NO_FILTER;
    const keys = lookalikes(name).map((key) => [key, name] as const);
    this.#effects.filter(member, { ...filter, names: new Map([...filter.names, ...keys]) });
    if (bearer !== undefined) this.#ignore(member, bearer);
    this.#members.add(member);
  }

  /** Forgets one who is gone, or ignores nobody any more. */
  remove(member: Member): void {
    this.#members.delete(member);
  }

  #ignore(member: Member, other: Member): void {
    const filter = member.filter ?? NO_FILTER;
    this.#effects.filter(member, { ...filter, ids: new Set(filter.ids).add(other.id) });
  }
}
