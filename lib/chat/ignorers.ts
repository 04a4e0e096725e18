// Who ignores whom: by name, whoever has that name next; and by number while the ignored member is here, so
// that changing names does not help.

import { type Filter, ignoredAs, type Member, NO_FILTER } from "./member.ts";
import { lookalikes } from "./names.ts";
import type { Effects } from "./effects.ts";

/** Most people that one can ignore. */
export const MOST_IGNORED = 100;

/** The names that a member ignores. */
export function ignoredBy({ filter = NO_FILTER }: Pick<Member, "filter">): Set<string> {
  return new Set(filter.names.values());
}

/** Everyone who ignores anyone. */
export class Ignorers {
  readonly #effects: Effects;
  readonly #members = new Set<Member>();

  constructor(effects: Effects) {
    this.#effects = effects;
  }

  /** Has everyone who ignores this member's name ignore the member too, by number. */
  recognize(member: Member): void {
    if (this.#members.size === 0) return;
    for (const each of this.#members) {
      if (ignoredAs(each.filter ?? NO_FILTER, member.name)) this.#ignore(each, member);
    }
  }

  /** Has everyone who ignores a member ignore another too, since they are one person. */
  follow(member: Member, other: Member): void {
    for (const each of this.#members) {
      if (each !== other && each.filter?.ids.has(member.id)) this.#ignore(each, other);
    }
  }

  /** From now on `member` is sent nothing from this name, nor from the member that has it now. */
  add(member: Member, name: string, bearer: Member | undefined): void {
    const filter = member.filter ?? NO_FILTER;
    const keys = lookalikes(name).map((key) => [key, name] as const);
    this.set(member, { ...filter, names: new Map([...filter.names, ...keys]) });
    if (bearer !== undefined) this.#ignore(member, bearer);
  }

  /** Changes whom a member ignores, from here on. */
  set(member: Member, filter: Filter): void {
    member.filter = filter;
    if (filter.names.size > 0) this.#members.add(member);
    else this.#members.delete(member);
    for (const { id: connection } of member.connections) {
      this.#effects.push({ kind: "ignore", connection, ids: filter.ids });
    }
  }

  /** Every member who ignores anybody. */
  all(): Iterable<Member> {
    return this.#members;
  }

  /** Puts back a member who ignores somebody. */
  restore(member: Member): void {
    this.#members.add(member);
  }

  /** Forgets a member that has left. */
  remove(member: Member): void {
    this.#members.delete(member);
  }

  #ignore(member: Member, other: Member): void {
    const filter = member.filter ?? NO_FILTER;
    this.set(member, { ...filter, ids: new Set(filter.ids).add(other.id) });
  }
}
