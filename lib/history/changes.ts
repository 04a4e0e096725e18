// What another program has changed in the file meanwhile: operators, passwords, who is forgotten.

import type { Saved } from "../chat/history.ts";
import type { Reads } from "./reads.ts";

/** Looks for changes. */
export class Changes {
  readonly #reads: Reads;
  #version: number;
  #lastForgotten: number;

  constructor(reads: Reads) {
    this.#reads = reads;
    this.#version = reads.version();
    this.#lastForgotten = reads.lastForgotten();
  }

  /**
   * What is known, if another program has changed it since it was last taken; and what takes it. Of
   * those who were forgotten it has those behind the last time.
   */
  look(): { saved: Saved; take: () => void } | undefined {
    const version = this.#reads.version();
    if (version === this.#version) return undefined;
    // Before the rest: whoever is forgotten in between comes twice.
    const lastForgotten = this.#reads.lastForgotten();
    const saved = this.#reads.saved(this.#lastForgotten);
    const take = () => {
      this.#version = version;
      this.#lastForgotten = lastForgotten;
    };
    return { saved, take };
  }

  /** What is known at the start. */
  saved(): Saved {
    return this.#reads.saved(this.#lastForgotten);
  }
}
