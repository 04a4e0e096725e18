// Times in which connections cannot be accepted, mostly for lack of files. The log has one line when such a time
// begins and one when it has ended, however often accepting fails and works in between.

import { log } from "../log.ts";

/** Milliseconds in which accepting must not fail: it is tried again far more often. */
const STEADY = 1000;

/** Whether connections can be accepted. */
export class Shortage {
  readonly #steady: number;
  /** Says that it is over; undefined where there is none. */
  #end: ReturnType<typeof setTimeout> | undefined;

  constructor(steady = STEADY) {
    this.#steady = steady;
  }

  /** Accepting has failed. */
  failed(error: unknown): void {
    // As text: to format an error Deno opens files, and crashes if none is left.
    if (this.#end === undefined) log.warn("newcomers wait: {error}", { error: String(error) });
    this.close();
    this.#end = setTimeout(() => {
      this.close();
      log.warn("accepting newcomers again");
    }, this.#steady);
  }

  /** Nothing more is logged, unless accepting fails again. */
  close(): void {
    clearTimeout(this.#end);
    this.#end = undefined;
  }
}
