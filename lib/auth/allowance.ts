// What each network may have of something: so much at once, then one more every so often.

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
  readonly #fullAt = new Map<string, number>();

  constructor(options: AllowanceOptions) {
    this.#options = options;
  }

  /** Takes one: 0; or, where nothing is left, milliseconds until there is one more. */
  take(network: string): number {
    const { atOnce, every, now: clock } = this.#options;
    const now = clock();
    this.#forget(now);
    const fullAt = Math.max(this.#fullAt.get(network) ?? now, now) + every;
    const wait = fullAt - now - atOnce * every;
    if (wait > 0) return wait;
    this.#fullAt.delete(network);
    this.#fullAt.set(network, fullAt);
    if (this.#fullAt.size > MOST) this.#fullAt.delete(this.#fullAt.keys().next().value!);
    return 0;
  }

  #forget(now: number): void {
    for (const [network, fullAt] of this.#fullAt) {
      if (fullAt > now) return;
      this.#fullAt.delete(network);
    }
  }
}
