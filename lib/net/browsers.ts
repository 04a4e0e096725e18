// Where browsers are. They keep spare connections, which are nobody and say nothing for long: so where a browser
// was lately, a connection that says nothing is greeted later (detect.ts), and the others are told of it later.

import { BoundedMap } from "../std/bounded_map.ts";

/** Most addresses that are known; and milliseconds for which one is. */
const MOST = 10_000, LATELY = 60_000;
/** Milliseconds until the others are told of what may be a spare connection. */
const MAYBE_SPARE = 60_000;

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

  /** Whether a connection from there has spoken HTTP within the last minute. */
  wereAt(address: string): boolean {
    const at = this.#seen.get(address);
    return at !== undefined && this.#now() < at + LATELY;
  }

  /** Milliseconds after which the others are told of a silent connection from there; undefined: the usual. */
  announceIn(address: string): number | undefined {
    return this.wereAt(address) ? MAYBE_SPARE : undefined;
  }
}
