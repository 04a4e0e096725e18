// How well the peer of an outbox takes what it is sent: whether it keeps up, is behind, or is stalled. For one that is
// behind all readers wait (backpressure.ts).

import type { Backpressure, Standing } from "./backpressure.ts";

/** Bytes a second that a good reader takes (a thousand lines); and milliseconds in which it must. */
const GOOD_PACE = 64 * 1024, GOOD_WITHIN = 500;
/** The share of the most bytes that may wait, up to which an outbox counts as keeping up. */
const KEEPING_UP = 1 / 4;

/** The pace of one outbox's peer. */
export class Pace {
  readonly #backpressure: Backpressure;
  /** Most bytes that may wait. */
  readonly #most: number;
  #standing: Standing | undefined = "keeping up";
  /** Milliseconds at less than a good pace. */
  #slow = 0;
  /** Bytes taken since the last tick. */
  #taken = 0;

  constructor(backpressure: Backpressure, most: number) {
    this.#backpressure = backpressure;
    this.#most = most;
    backpressure.change(this, undefined, "keeping up");
  }

  /** A write begins after none was under way. */
  begin(): void {
    this.#slow = 0;
  }

  /** More was added, after which this many bytes wait; answers do not count: its own member asked for them. */
  added(waiting: number): void {
    if (this.#standing === "keeping up") this.judge(waiting);
  }

  /** The peer took some bytes, after which this many wait. */
  took(count: number, waiting: number): void {
    this.#taken += count;
    if (this.#standing === "behind" || this.#standing === "stalled") this.judge(waiting);
  }

  /** This many milliseconds have passed while something waited. */
  tick(elapsed: number): void {
    this.#slow = this.#taken < GOOD_PACE * elapsed / 1000 ? this.#slow + elapsed : 0;
    this.#taken = 0;
  }

  /** Works out whether it keeps up, is behind or is stalled. */
  judge(waiting: number): void {
    if (waiting <= this.#most * KEEPING_UP) this.#stand("keeping up");
    else this.#stand(this.#slow < GOOD_WITHIN ? "behind" : "stalled");
  }

  /** The outbox is not open any more: nobody waits for it. */
  end(): void {
    this.#stand(undefined);
  }

  #stand(standing: Standing | undefined): void {
    if (standing === this.#standing || this.#standing === undefined) return;
    this.#backpressure.change(this, this.#standing, standing);
    this.#standing = standing;
  }
}
