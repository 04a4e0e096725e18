// How much room the disk of the file has: operators are warned before it is full.

import { statfsSync } from "node:fs";
import { log } from "../log.ts";

const MB = 1_000_000;
/** Bytes below which room is short, and from which on it is not short any more. */
const LOW = 100 * MB, ENOUGH = 120 * MB;
/** How many looks are one: a disk on the network answers slowly. */
const EVERY = 5;

/** Watches how much room there is. */
export class Space {
  readonly #free: () => number | undefined;
  readonly #path: string;
  #looks = 0;
  #low: string | undefined;

  /** `free` gives the bytes that are free, or undefined if that is not known; `path` is for the log. */
  constructor(free: () => number | undefined, path: string) {
    this.#free = free;
    this.#path = path;
    this.look();
  }

  /** How much is left, as in `83 MB`, while that is little. */
  get low(): string | undefined {
    return this.#low;
  }

  /** Looks again, or not yet. */
  look(): void {
    if (this.#looks++ % EVERY !== 0) return;
    const free = this.#free();
    if (free === undefined) return;
    const wasLow = this.#low !== undefined;
    const isLow = free < (wasLow ? ENOUGH : LOW);
    this.#low = isLow ? `${Math.floor(free / MB)} MB` : undefined;
    if (isLow === wasLow) return;
    const path = this.#path;
    if (isLow) log.warn("the disk of {path} has only {left} left", { path, left: this.#low });
    else log.info("the disk of {path} has room again", { path });
  }
}

/** Bytes that are free on the disk of a file; undefined if the system, or Deno, does not say. */
export function freeBytes(path: string): number | undefined {
  try {
    const { bavail, bsize } = statfsSync(path);
    return bavail * bsize;
  } catch (error) {
    // The watch of the file itself says what is wrong with it.
    if (error instanceof Deno.errors.NotCapable || error instanceof Error && "code" in error) {
      return undefined;
    }
    throw error;
  }
}
