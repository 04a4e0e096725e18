// Guesses that wait for each other: those at one thing are checked one after the other, and each after the
// time that the misses before it cost. A hundred connections guess no faster than one.

import { createSemaphore, type Semaphore } from "./semaphore.ts";
import type { LoginThrottle } from "./login_throttle.ts";

/** Options of a line of guesses. */
export interface GuessLineOptions {
  readonly throttle: LoginThrottle;
  /** Guesses at one thing that may be in line. */
  readonly most: number;
  /** Whether a right guess makes up for the wrong ones before it. */
  readonly isForgiving: boolean;
  /** Resolves after so many milliseconds. */
  readonly delay: (ms: number) => Promise<unknown>;
}

/** A line for each thing that is guessed at. */
export class GuessLine {
  readonly #options: GuessLineOptions;
  readonly #lines = new Map<string, { readonly semaphore: Semaphore; length: number }>();

  constructor(options: GuessLineOptions) {
    this.#options = options;
  }

  /** Looks at a guess when it is its turn; undefined where too many are in line, here or where it looks. */
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
    // A right guess waits as a wrong one does, or waiting would tell them apart.
    const ms = throttle.wait(what);
    if (ms > 0) await delay(ms);
    const isRight = await look();
    if (isRight === false) throttle.miss(what);
    else if (isRight && isForgiving) throttle.hit(what);
    return isRight;
  }
}
