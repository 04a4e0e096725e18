// How far back a conversation is loaded, and what to ask for: when the user scrolls up, and to fill the gap
// after a time without a session. Numbers may have begun anew meanwhile, so a gap is filled from the newest
// message back, until one comes that was known before.

import type { Entry } from "./entry.ts";

/** A number higher than every message's. */
const ANY = Number.MAX_SAFE_INTEGER;
/** Most messages that fill a gap; if there are more, the conversation begins anew after them. */
const MOST = 1000;

/** How far back a conversation is loaded. */
export class Past {
  /** The number before which there may be more; undefined if there is nothing more. */
  older: number | undefined = ANY;
  /** Whether earlier messages were asked for and have not come yet. */
  isAsked = false;
  #seam: Entry | undefined;
  #filled = 0;
  /** Messages before this number were dropped since the last request. */
  #gone = 0;

  /** Up to which time all was known before this session; Infinity if nothing was: then nothing is new. */
  get since(): number {
    return this.#seam?.at ?? Infinity;
  }

  /** A new session has begun; `newest` is the last message that is known. */
  begin(newest: Entry | undefined): void {
    this.isAsked = false;
    this.#gone = 0;
    this.#seam = newest;
    this.#filled = 0;
  }

  /** Earlier messages are asked for. */
  ask(): void {
    this.isAsked = true;
    this.#gone = 0;
  }

  /**
   * A page of messages has come, with the time of its first (epoch ms). Returns the number before which to
   * ask for more at once, if there is a reason.
   */
  heed(
    { first, count, next, hasKnown }: {
      first: number | undefined;
      count: number;
      next: number | undefined;
      hasKnown: boolean;
    },
  ): number | undefined {
    this.isAsked = false;
    // Messages that were dropped while the answer was on its way must be asked for again.
    const older = Math.max(next ?? 0, this.#gone) || undefined;
    if (this.#seam === undefined) {
      this.older = older;
      return undefined;
    }
    this.#filled += count;
    if (hasKnown || first !== undefined && first < this.#seam.at) {
      this.#seam = undefined;
    } else if (next === undefined || this.#filled >= MOST) {
      this.#seam = undefined;
      this.older = older;
    } else {
      this.isAsked = true;
      return next;
    }
  }

  /** Messages before this number were dropped. */
  letGo(id: number): void {
    this.#gone = Math.max(this.#gone, id);
    this.older = Math.max(this.older ?? 0, id);
  }

  /** The past is somebody else's from now on: how far back it goes is unknown. */
  change(): void {
    this.older = ANY;
  }
}
