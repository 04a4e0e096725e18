// How long the others are not told of a connection that says nothing. Browsers keep spare connections, which are
// nobody and say nothing for long: where a browser was lately, it takes longer.

import type { Speaks } from "../chat/event.ts";
import { BoundedMap } from "../std/bounded_map.ts";

/** Most addresses that are known; and milliseconds for which one is. */
const MOST = 10_000, LATELY = 60_000;
/** Milliseconds until the others are told of somebody who says nothing; and if it may be a browser's spare connection. */
const USUAL = 5000, MAYBE_SPARE = 60_000;

/** The addresses from which HTTP was spoken lately. */
export class Browsers {
  readonly #seen = new BoundedMap<string, number>(MOST);
  readonly #now: () => number;

  /** `now` gives milliseconds, from a clock that never goes back. */
  constructor(now: () => number) {
    this.#now = now;
  }

  /** A connection from this address has spoken HTTP. */
  note(address: string): void {
    const now = this.#now();
    this.#seen.dropWhile((at) => at + LATELY <= now);
    this.#seen.set(address, now);
  }

  /** Milliseconds after which the others are told of a connection that says nothing; 0: at once. */
  announceIn(speaks: Speaks, address: string): number {
    if (speaks === "classic") return 0;
    return speaks === "lines" && this.#wereAt(address) ? MAYBE_SPARE : USUAL;
  }

  /** Whether one of these connections came from there within the last minute. */
  #wereAt(address: string): boolean {
    const at = this.#seen.get(address);
    return at !== undefined && this.#now() < at + LATELY;
  }
}
