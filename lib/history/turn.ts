// Work in slices: between two of them everybody else has a turn, and most of the time.

import { delay } from "../std/typed.ts";

/** What pauses are made with, unless a test has its own. */
export interface PauseOptions {
  /** Milliseconds, of any clock that never goes back. */
  readonly now: () => number;
  readonly delay: (ms: number) => Promise<unknown>;
  /** Lets the event loop turn (2 µs). */
  readonly turn: () => Promise<unknown>;
}

const USUAL: PauseOptions = {
  now: () => performance.now(),
  delay,
  turn: () => new Promise((resolve) => setImmediate(resolve)),
};

/** Milliseconds of work that are worth a rest; and how many times as long that is. */
const SLICE = 2, REST = 2;

/** Makes the pauses of one piece of work, to be called after each slice: it takes a third of the time. */
export function createPause({ now, delay, turn } = USUAL): () => Promise<void> {
  let begun = now();
  return async () => {
    const worked = now() - begun;
    // Small slices are put together: a timer is coarse.
    if (worked < SLICE) return void await turn();
    await delay(worked * REST);
    begun = now();
  };
}
