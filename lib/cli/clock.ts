// The clock by which bans end and messages grow old: the machine's, without its leaps. A clock that is 40
// days ahead for a moment must not delete messages or lift bans.

import { log } from "../log.ts";

/** Milliseconds that the wall clock may differ from the monotonic one before it counts as a leap. */
const LEAP = 5000;
/** Milliseconds that a leap must hold to count, and that a clock is watched before it is relied on. */
const HELD = 10 * 60_000;

/** The machine's clocks, in milliseconds. */
export interface Clocks {
  /** Since the epoch. */
  readonly wall: () => number;
  /** Since any moment; it never leaps. */
  readonly monotonic: () => number;
}

/** Milliseconds, from a clock that never goes back. */
export function now(): number {
  return performance.now();
}

/** A clock that follows the wall clock, but its leaps only after a while. */
export class SteadyClock {
  readonly #clocks: Clocks;
  readonly #start: number;
  /** How far the wall clock was ahead of the monotonic one when it was last believed. */
  #ahead: number;
  #leap: { readonly ahead: number; readonly at: number } | undefined;

  constructor(clocks: Clocks) {
    this.#clocks = clocks;
    this.#start = clocks.monotonic();
    this.#ahead = clocks.wall() - this.#start;
  }

  /** Epoch milliseconds. */
  now(): number {
    const now = this.#clocks.monotonic();
    const ahead = this.#clocks.wall() - now;
    if (near(ahead, this.#ahead)) {
      if (this.#leap !== undefined) log.warn("the clock is back where it was");
      this.#leap = undefined;
      this.#ahead = ahead;
    } else if (this.#leap === undefined || !near(ahead, this.#leap.ahead)) {
      this.#leap = { ahead, at: now };
      const seconds = Math.round((ahead - this.#ahead) / 1000);
      log.warn(
        "the clock jumped by {seconds} seconds: bans and --keep-days ignore that for ten minutes",
        { seconds },
      );
    } else if (now - this.#leap.at >= HELD) {
      log.warn("the clock has been steady for ten minutes: bans and --keep-days use it now");
      this.#leap = undefined;
      this.#ahead = ahead;
    }
    return now + this.#ahead;
  }

  /** Whether the time is certain enough to delete by; at the start there is nothing to compare it with. */
  isSure(): boolean {
    this.now();
    return this.#leap === undefined && this.#clocks.monotonic() - this.#start >= HELD;
  }
}

function near(one: number, other: number): boolean {
  return Math.abs(one - other) <= LEAP;
}
