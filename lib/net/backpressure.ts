// How many outboxes are behind though they read well: while there is one, nobody's lines are read. So a
// flood goes at the pace of the room that hears it, and nothing is lost; whoever reads worse than that slows
// nobody down. A few who are behind hold up the others for a moment alone: then the others go on.

/** How an open outbox fares; one that is stalled is behind, but takes too little to be waited for. */
export type Standing = "keeping up" | "behind" | "stalled";

/** What the backpressure knows the time by. */
export interface Clock {
  /** Milliseconds; it never goes back. */
  readonly now: () => number;
  /** Runs something after so many milliseconds; what is returned takes that back. */
  readonly after: (ms: number, run: () => void) => () => void;
}

const CLOCK: Clock = {
  now: () => performance.now(),
  after: (ms, run) => {
    const timer = setTimeout(run, ms);
    return () => clearTimeout(timer);
  },
};

/** Milliseconds that a few may hold up all, and in which they may. */
const HOLD = 50, WITHIN = 1000;

/** The outboxes that are waited for. */
export class Backpressure {
  readonly #clock: Clock;
  #open = 0;
  #behind = 0;
  /** Those who were behind in this second, and in the one before; and when this one began. */
  #lately = new Set<object>();
  #before = new Set<object>();
  #begun = -Infinity;
  #relief: PromiseWithResolvers<void> | undefined;
  /** Milliseconds that a few have held up all, until there was a second without that; and when it ended. */
  #held = 0;
  #heldUntil = -Infinity;
  /** Since when they do; and what ends their time. */
  #since: number | undefined;
  #cancel = () => {};

  constructor(clock = CLOCK) {
    this.#clock = clock;
  }

  /** Whether readers have to wait. */
  get isFull(): boolean {
    return this.#behind > 0 && (!this.#areFew || this.#left() > 0);
  }

  /** Resolves when it is not full any more. */
  relief(): Promise<void> {
    if (this.#relief === undefined) {
      this.#relief = Promise.withResolvers();
      const { promise } = this.#relief;
      this.#review();
      return promise;
    }
    return this.#relief.promise;
  }

  /** Notes that an outbox fares differently; undefined stands for not open. */
  change(outbox: object, from: Standing | undefined, to: Standing | undefined): void {
    if (from === undefined) this.#open++;
    if (to === undefined) {
      this.#open--;
      this.#lately.delete(outbox);
      this.#before.delete(outbox);
    }
    if (from === "behind") this.#behind--;
    if (to === "behind") {
      this.#behind++;
      this.#turn();
      this.#lately.add(outbox);
    }
    if (this.#relief === undefined) return;
    const isHeldByFew = this.#since !== undefined;
    if (!this.isFull || isHeldByFew !== this.#areFew) this.#review();
  }

  /**
   * Whether it is a few who are behind. Where it was half of all lately, that is the pace of the room, and
   * nobody's hold: a thousand who read by turns are not behind at once.
   */
  get #areFew(): boolean {
    this.#turn();
    const most = Math.max(this.#behind, this.#lately.size, this.#before.size);
    return most * 2 < this.#open;
  }

  /** Begins another second, if it is time. */
  #turn(): void {
    const now = this.#clock.now();
    if (now - this.#begun < WITHIN) return;
    this.#before = now - this.#begun < 2 * WITHIN ? this.#lately : new Set();
    this.#lately = new Set();
    this.#begun = now;
  }

  /** Milliseconds for which a few may still hold up all. */
  #left(now = this.#clock.now()): number {
    if (this.#since !== undefined) return HOLD - this.#held - (now - this.#since);
    return now - this.#heldUntil >= WITHIN ? HOLD : HOLD - this.#held;
  }

  /** Counts how long a few have held up those who wait; lets these go on, or waits on. */
  #review(): void {
    const now = this.#clock.now();
    const left = this.#left(now);
    if (this.#since !== undefined) this.#heldUntil = now;
    this.#held = HOLD - left;
    this.#since = undefined;
    this.#cancel();
    if (!this.isFull) {
      this.#relief?.resolve();
      this.#relief = undefined;
      return;
    }
    const areFew = this.#areFew;
    if (areFew) this.#since = now;
    // Time alone may make those who are left a few.
    this.#cancel = this.#clock.after(areFew ? left : HOLD, () => this.#review());
  }
}
