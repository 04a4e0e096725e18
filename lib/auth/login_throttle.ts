// Slows down guessing: from the third wrong guess at a name from one network, each makes the next one wait.

import { BoundedMap } from "../std/bounded_map.ts";

/** Wrong guesses that cost nothing by default: a typo or two. */
const FREE = 2;
/** Most seconds that a guess waits. */
const LONGEST = 30;
/** Milliseconds after the last wrong guess until all are forgotten. */
const FORGOTTEN_AFTER = 15 * 60_000;
/** Most pairs of a name and a network that are remembered; those with the oldest wrong guess are dropped. */
const MOST = 10_000;

/** Who guessed wrong lately, and how often. */
export class LoginThrottle {
  /** Oldest miss first. */
  readonly #misses = new BoundedMap<string, { readonly count: number; readonly at: number }>(MOST);
  readonly #now: () => number;
  readonly #free: number;

  /** `now` is in milliseconds, from any clock that never goes back; `free` wrong guesses cost nothing. */
  constructor(now: () => number, free = FREE) {
    this.#now = now;
    this.#free = free;
  }

  /** Milliseconds that the pair's next guess waits: by default 1, 2, 4 … 30 s from the third miss on. */
  wait(pair: string): number {
    this.#forget();
    const beyond = (this.#misses.get(pair)?.count ?? 0) - this.#free;
    return beyond < 1 ? 0 : Math.min(2 ** (beyond - 1), LONGEST) * 1000;
  }

  /** Counts a wrong guess. */
  miss(pair: string): void {
    this.#forget();
    const count = (this.#misses.get(pair)?.count ?? 0) + 1;
    this.#misses.set(pair, { count, at: this.#now() });
  }

  /** Forgets a pair's wrong guesses, after a right one. */
  hit(pair: string): void {
    this.#misses.delete(pair);
  }

  #forget(): void {
    const before = this.#now() - FORGOTTEN_AFTER;
    this.#misses.dropWhile(({ at }) => at <= before);
  }
}
