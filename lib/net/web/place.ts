// A connection's place among those that have limited time: it is given up, taken anew for what comes next, and
// closes the connection if that takes too long.

import type { Connection } from "../connection.ts";
import type { EvictReason, PendingConnections } from "../pending_connections.ts";

/** A connection's place. */
export class Place {
  readonly #connection: Connection;
  readonly #pending: PendingConnections;
  readonly #share: string;
  #leave = () => {};
  #isOver = false;

  constructor(
    connection: Connection,
    { pending, share }: { pending: PendingConnections; share: string },
  ) {
    this.#connection = connection;
    this.#pending = pending;
    this.#share = share;
  }

  /**
   * Stays so many milliseconds from now; then, or if others need the place, the connection closes. Throws if
   * it is closing already.
   */
  stay(milliseconds: number, late = () => this.#connection.close(true)): void {
    if (this.#isOver) throw new Deno.errors.Interrupted("late");
    this.#leave();
    const close = (why: EvictReason) => {
      this.#isOver = true;
      if (why === "late") late();
      else this.#connection.close(true);
    };
    this.#leave = this.#pending.enter(this.#share, close, milliseconds);
  }

  /** Leaves; calling it again does nothing. */
  leave(): void {
    this.#leave();
  }
}
