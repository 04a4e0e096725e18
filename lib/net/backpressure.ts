// Counts the outboxes that are behind although they read well: while there is one, nobody's lines are read.
// So a flood goes at the pace of the room that is sent it, and nothing is lost; those who read worse slow
// nobody down. If only a few are behind, they hold up the others for a moment at most.

/** How an open outbox does. One that is stalled is behind too, but takes too little to be waited for. */
export type Standing = "keeping up" | "behind" | "stalled";

/** The clock of the backpressure. */
export interface Clock {
  /** Milliseconds; it never goes back. */
  readonly now: () => number;
  /** Runs something after this many milliseconds; the returned function cancels it. */
  readonly after: (ms: number, run: () => void) => () => void;
}

const CLOCK: Clock = {
  now: () => performance.now(),
  after: (ms, run) => {
    const timer = setTimeout(run, ms);
    return () => clearTimeout(timer);
  },
};

/** Milliseconds that a few may hold up all, within this many milliseconds. */
const HOLD = 50, WITHIN = 1000;

/** The outboxes that readers wait for. */
export class Backpressure {
  readonly #clock: Clock;
  #open = 0;
  #behind = 0;
  /** Those that were behind in this second, and in the one before; and when this second began. */
  #lately = new Set<object>();
  #before = new Set<object>();
  #begun = -Infinity;
  #relief: PromiseWithResolvers<void> | undefined;
  /** Milliseconds that a few have held up all, since the last second without that; and when that ended. */
  #held = 0;
  #heldUntil = -Infinity;
  /** Since when they do so now; and what cancels the end of their time. */
  #since: number | undefined;
  #cancel = () => {};

  constructor(clock = CLOCK) {
    this.#clock = clock;
  }

  /** Whether readers have to wait. */
  get isFull(): boolean {
    return this.#behind > 0 && (!this.#areFew || this.#left() > 0);
  }

  /** Resolves when readers need not wait any more. */
  relief(): Promise<void> {
    if (this.#relief === undefined) {
      this.#relief = Promise.withResolvers();
      const { promise } = this.#relief;
      this.#review();
      return promise;
    }
    return this.#relief.promise;
  }

  /** Notes that an outbox's standing has changed; undefined means not open. */
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
   * Whether only a few are behind. If half of all were lately, that is the pace of the room and not a few who
   * hold it up: a thousand who read in turns are never all behind at once.
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

  /** Counts how long a few have held up the readers; then lets these go on, or has them wait longer. */
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
    // The passing of time alone may leave only a few.
    this.#cancel = this.#clock.after(areFew ? left : HOLD, () => this.#review());
  }
}
