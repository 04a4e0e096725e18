// Finds what other programs have changed in the file: operators, passwords, who is forgotten.

import type { Changeable, Forgotten } from "../chat/history.ts";
import type { Reads } from "./reads.ts";

/** Finds changes by other programs. */
export class Changes {
  readonly #reads: Reads;
  #version: number | undefined;
  #lastForgotten: number;
  #isOfNetwork = false;

  constructor(reads: Reads) {
    this.#reads = reads;
    this.#version = reads.version();
    this.#lastForgotten = reads.lastForgotten();
  }

  /** From now on looks for what the network does not know yet, at first also for what was changed before. */
  follow(): void {
    this.#isOfNetwork = true;
    this.#version = undefined;
  }

  /**
   * What is kept, and who was forgotten, if another program has changed the file since `take` was last called.
   */
  look(): { kept: Changeable; forgotten: Forgotten[]; take: () => void } | undefined {
    const version = this.#reads.version();
    if (version === this.#version) return undefined;
    // Read first: somebody who is forgotten in between is then reported twice, and not missed.
    const lastForgotten = this.#reads.lastForgotten();
    const forgotten = this.#isOfNetwork
      ? this.#reads.untold()
      : this.#reads.forgotten(this.#lastForgotten);
    const known = { ...this.#reads.changeable(), forgotten };
    const kept = this.#isOfNetwork ? { ...known, isOfNetwork: true as const } : known;
    const take = () => {
      this.#version = version;
      this.#lastForgotten = lastForgotten;
    };
    return { kept, forgotten, take };
  }
}
