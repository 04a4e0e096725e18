// What each network may have of something: so much at once, then one more every so often.

import { BoundedMap } from "../std/bounded_map.ts";

/** How much that is. */
export interface AllowanceOptions {
  readonly atOnce: number;
  /** Milliseconds until there is one more. */
  readonly every: number;
  /** Milliseconds, of any clock that never goes back. */
  readonly now: () => number;
}

/** Networks that are remembered; beyond, those that asked longest ago are not. */
const MOST = 10_000;

/** What is left for whom. */
export class Allowance {
  readonly #options: AllowanceOptions;
  /** When each has all of it again, who asked last standing last. */
  readonly #fullAt = new BoundedMap<string, number>(MOST);

  constructor(options: AllowanceOptions) {
    this.#options = options;
  }

  /** Takes one: 0; or, where nothing is left, milliseconds until there is one more. */
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
