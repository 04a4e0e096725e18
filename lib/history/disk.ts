// What is done when the disk fails: it is counted, said in the log once a minute, and the room goes on.

import { log } from "../log.ts";
import type { Metrics } from "../metrics.ts";

/** Milliseconds between two complaints. */
const COMPLAIN = 60_000;

/** Runs what a disk may fail. */
export class Disk {
  readonly #metrics: Metrics;
  #trouble: string | undefined;
  #complainedAt = -Infinity;

  constructor(metrics: Metrics) {
    this.#metrics = metrics;
  }

  /** Why the last write failed; undefined when it did not. */
  get trouble(): string | undefined {
    return this.#trouble;
  }

  /** Writes; returns whether the disk took it. */
  write(work: () => void): boolean {
    try {
      work();
      this.#trouble = undefined;
      return true;
    } catch (error) {
      this.#trouble = this.#reason(error);
      this.#complain("the history cannot be written ({reason}): what is said waits in memory");
      return false;
    }
  }

  /** Reads; returns the other value when the disk fails. */
  read<T>(work: () => T, otherwise: T): T {
    try {
      return work();
    } catch (error) {
      this.failedToRead(error);
      return otherwise;
    }
  }

  /** Counts a failed read, and says so; throws what is not the disk's fault. */
  failedToRead(error: unknown): void {
    const reason = this.#reason(error);
    this.#complain("the history's file fails ({reason})", reason);
  }

  #reason(error: unknown): string {
    // Anything else is a bug, and is to be seen.
    if (!(error instanceof Error && "code" in error && error.code === "ERR_SQLITE_ERROR")) {
      throw error;
    }
    this.#metrics.historyErrors++;
    return error.message;
  }

  #complain(text: string, reason = this.#trouble): void {
    if (performance.now() - this.#complainedAt < COMPLAIN) return;
    this.#complainedAt = performance.now();
    log.error(text, { reason });
  }
}
