// Wrong guesses at a name from one network: each, from the third on, makes the next one wait.

import { BoundedMap } from "../std/bounded_map.ts";

/** Misses that cost nothing, unless it is said otherwise: a typo or two. */
const FREE = 2;
/** Seconds that a guess waits at most. */
const LONGEST = 30;
/** Milliseconds after the last miss until all is forgotten. */
const FORGOTTEN_AFTER = 15 * 60_000;
/** Pairs of a name and a network that are remembered; beyond, those with the oldest miss are not. */
const MOST = 10_000;

/** Who guessed wrong lately, and how often. */
export class LoginThrottle {
  /** Oldest miss first. */
  readonly #misses = new BoundedMap<string, { readonly count: number; readonly at: number }>(MOST);
  readonly #now: () => number;
  readonly #free: number;

  /** `now` is in milliseconds, of any clock that never goes back; so many misses cost nothing. */
  constructor(now: () => number, free = FREE) {
    this.#now = now;
    this.#free = free;
  }

  /** Milliseconds that the next guess of this pair waits: 0, then 1, 2, 4 … 30 s from the third miss on. */
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

  /** A right guess: what was wrong before is forgiven. */
  hit(pair: string): void {
    this.#misses.delete(pair);
  }

  #forget(): void {
    const before = this.#now() - FORGOTTEN_AFTER;
    this.#misses.dropWhile(({ at }) => at <= before);
  }
}
