// A room: who is in it. Who *hears* it is kept apart, since the writer changes that only as it fans
// out, so that everyone is sent exactly what was said while they were in.

import type { Member } from "./member.ts";

/** A room and the members in it. */
export class Room {
  /** Those in the room, by the events handled so far. */
  readonly members = new Set<Member>();
  /** Those who are sent what is said, by what was fanned out so far. */
  readonly hearers = new Set<Member>();
  /** Who has come and gone in a crowd, and was not told yet. */
  traffic = noTraffic();
}

/** Nobody has come or gone. */
export function noTraffic() {
  return { joined: new Names(), left: new Names() };
}

/** How many names are told; the others are counted. */
const NAMES_TOLD = 5;

/** Names to be told together. */
class Names {
  readonly #first: string[] = [];
  #more = 0;

  add(name: string): void {
    if (this.#first.length < NAMES_TOLD) this.#first.push(name);
    else this.#more++;
  }

  /** `ann, bob and 3 more joined`; empty when there are none. */
  summary(what: string): string {
    if (this.#first.length === 0) return "";
    return `${this.#first.join(", ")}${this.#more > 0 ? ` and ${this.#more} more` : ""} ${what}`;
  }
}
