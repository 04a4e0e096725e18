// Which addresses browsers came from lately: a browser keeps spare connections, which say nothing for long.

import { BoundedMap } from "../std/bounded_map.ts";

/** Most addresses that are known; and milliseconds for which one is. */
const MOST = 10_000, LATELY = 60_000;

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

  /** Whether one did within the last minute. */
  areAt(address: string): boolean {
    const at = this.#seen.get(address);
    return at !== undefined && this.#now() < at + LATELY;
  }
}
