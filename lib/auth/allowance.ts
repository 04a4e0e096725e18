// How much of something each network may have: so much at once, then one more every so often.

import { BoundedMap } from "../std/bounded_map.ts";

/** Options of an allowance. */
export interface AllowanceOptions {
  readonly atOnce: number;
  /** Milliseconds until one more is allowed. */
  readonly every: number;
  /** Milliseconds, from any clock that never goes back. */
  readonly now: () => number;
}

/** Most networks that are remembered; those that asked longest ago are dropped. */
const MOST = 10_000;

/** What each network has left. */
export class Allowance {
  readonly #options: AllowanceOptions;
  /** When each network has its full allowance again; the one that asked last is at the end. */
  readonly #fullAt = new BoundedMap<string, number>(MOST);

  constructor(options: AllowanceOptions) {
    this.#options = options;
  }

  /** Takes one: 0; or, if nothing is left, milliseconds until one more is allowed. */
  take(network: string): number {
    const { atOnce, every, now: clock } = this.#options;
    const now = clock();
    this.#fullAt.dropWhile((fullAt) => fullAt <= now);
    const fullAt = Math.max(this.#fullAt.get(network) ?? now, now) + every;
    const wait = fullAt - now - atOnce * every;
    if (wait > 0) return wait;
    this.#fullAt.set(network, fullAt);
    return 0;
  }
}
