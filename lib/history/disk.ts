// What is done when the disk fails: it is counted, said in the log once a minute, and the room goes on.

import { log } from "../log.ts";
import type { Metrics } from "../metrics.ts";
import { isFault } from "./faults.ts";

/** Milliseconds between two complaints; and until a disk that failed to read counts as well again. */
const COMPLAIN = 60_000, WELL_AGAIN = 60_000;

/** What a disk is run with. */
export interface DiskOptions {
  readonly metrics: Metrics;
  /** Why nothing may be written just now, though the disk would take it; undefined: it may. */
  readonly away?: () => string | undefined;
}

/** Runs what a disk may fail. */
export class Disk {
  readonly #options: DiskOptions;
  #trouble: string | undefined;
  #isAway = false;
  #readTrouble: string | undefined;
  #failedToReadAt = -Infinity;
  #complainedAt = { read: -Infinity, write: -Infinity };
  #failedReads = 0;

  constructor(options: DiskOptions) {
    this.#options = options;
  }

  /** Why the last write failed; undefined when it did not. */
  get trouble(): string | undefined {
    return this.#trouble;
  }

  /** Why a read failed within the last minute. */
  get readTrouble(): string | undefined {
    const isWell = performance.now() - this.#failedToReadAt > WELL_AGAIN;
    return isWell ? undefined : this.#readTrouble;
  }

  /** How many reads have failed so far. */
  get failedReads(): number {
    return this.#failedReads;
  }

  /** Looks whether the file may be written, though nothing is to be. */
  look(): void {
    const why = this.#options.away?.();
    if (why !== undefined) this.#failedToWrite(why);
    else if (this.#isAway) this.#trouble = undefined;
    this.#isAway = why !== undefined;
  }

  /** Writes; returns whether the disk took it. */
  write(work: () => void): boolean {
    this.look();
    if (this.#isAway) return false;
    try {
      work();
      this.#trouble = undefined;
      return true;
    } catch (error) {
      this.#failedToWrite(this.#reason(error));
      return false;
    }
  }

  /** Reads, or does what can be done later as well; returns the other value when the disk fails. */
  read<T>(work: () => T, otherwise: T): T {
    try {
      return work();
    } catch (error) {
      this.failedToRead(error);
      return otherwise;
    }
  }

  /** Counts a failed read, and says so; returns why. Throws what is not the disk's fault. */
  failedToRead(error: unknown): string {
    const reason = this.#readTrouble = this.#reason(error);
    this.#failedReads++;
    this.#failedToReadAt = performance.now();
    this.#complain("read", "the history's file fails ({reason})", reason);
    return reason;
  }

  #failedToWrite(reason: string): void {
    this.#trouble = reason;
    this.#complain(
      "write",
      "the history cannot be written ({reason}): what is said waits in memory",
      reason,
    );
  }

  #reason(error: unknown): string {
    if (!isFault(error)) throw error;
    this.#options.metrics.historyErrors++;
    return error.message;
  }

  #complain(what: "read" | "write", text: string, reason: string): void {
    if (performance.now() - this.#complainedAt[what] < COMPLAIN) return;
    this.#complainedAt[what] = performance.now();
    log.error(text, { reason });
  }
}
