// A connection's place among those that have limited time: how long it may still take for what it is at, and
// what becomes of it then.

import type { Connection } from "../connection.ts";
import type { EvictReason, PendingConnections } from "../pending_connections.ts";

/** What a connection is at. */
interface Stay {
  /** What to do when its time is over, by default to close it; it may stay for something else then. */
  readonly late?: () => void;
  /** Whether it is being sent an answer: if it is closed then, it is evicted. */
  readonly isAnswering?: boolean;
}

/** A connection's place. */
export class Place {
  readonly #connection: Connection;
  readonly #pending: PendingConnections;
  readonly #share: string;
  #leave = () => {};
  /** When its time is over, when that is looked at next, and what is done then. */
  #deadline = 0;
  #looked = 0;
  #late: (() => void) | undefined;
  /** Whether its peer may not have taken what it was sent. */
  #isAnswering = false;
  #isOver = false;

  /** `share` is the address whose connections it counts among. */
  constructor(
    connection: Connection,
    { pending, share }: { pending: PendingConnections; share: string },
  ) {
    this.#connection = connection;
    this.#pending = pending;
    this.#share = share;
  }

  /** Takes a place: others have waited longer. */
  enter(milliseconds: number): void {
    this.#looked = Infinity;
    this.stay(milliseconds);
  }

  /**
   * Stays so many milliseconds from now; then, or if others need the place, the connection closes, or `late`
   * is called. Throws if it is closing already.
   */
  stay(milliseconds: number, { late, isAnswering = false }: Stay = {}): void {
    if (this.#isOver) throw new Deno.errors.Interrupted("late");
    this.#late = late;
    this.#isAnswering = isAnswering;
    this.#deadline = performance.now() + milliseconds;
    // Mostly there is a timer that comes before: to set one for each request costs more than to answer it.
    if (this.#looked > this.#deadline) this.#look(milliseconds);
  }

  /** Leaves; calling it again does nothing. */
  leave(): void {
    this.#leave();
  }

  #look(milliseconds: number): void {
    this.#leave();
    this.#looked = performance.now() + milliseconds;
    this.#leave = this.#pending.enter(this.#share, (why) => this.#evict(why), milliseconds);
  }

  #evict(why: EvictReason): void {
    const left = this.#deadline - performance.now();
    // Timers may come a little early.
    if (why === "late" && left > 1) return this.#look(left);
    if (why === "late" && this.#late !== undefined) {
      this.#looked = Infinity;
      return this.#late();
    }
    this.#isOver = true;
    this.#connection.close(this.#isAnswering);
  }
}
