// A line of guesses: guesses at one thing are checked one after another, each after the delay that earlier
// misses cost. So a hundred connections guess no faster than one.

import { createSemaphore, type Semaphore } from "./semaphore.ts";
import type { LoginThrottle } from "./login_throttle.ts";

/** Options of a line of guesses. */
export interface GuessLineOptions {
  readonly throttle: LoginThrottle;
  /** Most guesses at one thing that may be in line. */
  readonly most: number;
  /** Whether a right guess cancels the wrong ones before it. */
  readonly isForgiving: boolean;
  /** Resolves after this many milliseconds. */
  readonly delay: (ms: number) => Promise<unknown>;
}

/** A line for each thing that is guessed at. */
export class GuessLine {
  readonly #options: GuessLineOptions;
  readonly #lines = new Map<string, { readonly semaphore: Semaphore; length: number }>();

  constructor(options: GuessLineOptions) {
    this.#options = options;
  }

  /** Checks a guess when it is its turn; undefined if too many are in line, here or in the check itself. */
  async run(
    what: string,
    look: () => Promise<boolean | undefined>,
  ): Promise<boolean | undefined> {
    const line = this.#lines.get(what) ?? { semaphore: createSemaphore(1), length: 0 };
    if (line.length >= this.#options.most) return undefined;
    this.#lines.set(what, line);
    line.length++;
    try {
      return await line.semaphore(() => this.#look(what, look));
    } finally {
      if (--line.length === 0) this.#lines.delete(what);
    }
  }

  async #look(
    what: string,
    look: () => Promise<boolean | undefined>,
  ): Promise<boolean | undefined> {
    const { throttle, isForgiving, delay } = this.#options;
    // A right guess waits as long as a wrong one; otherwise the wait would tell them apart.
    const ms = throttle.wait(what);
    if (ms > 0) await delay(ms);
    const isRight = await look();
    if (isRight === false) throttle.miss(what);
    else if (isRight && isForgiving) throttle.hit(what);
    return isRight;
  }
}
