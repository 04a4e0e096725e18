// How far back a conversation is known, and what is to be asked for: by who scrolls up, and to fill in
// what was missed while there was no session. Numbers may have begun anew meanwhile, so that is done from
// the newest message back, until one comes that was known before.

import type { Entry } from "./entry.ts";

/** Before this number comes every message. */
const ANY = Number.MAX_SAFE_INTEGER;
/** Most messages that are filled in; before them there is a new beginning. */
const MOST = 1000;

/** How far back. */
export class Past {
  /** The number before which there may be more; undefined where there is nothing. */
  older: number | undefined = ANY;
  /** Whether something earlier was asked for, and is on its way. */
  isAsked = false;
  #seam: Entry | undefined;
  #filled = 0;
  /** Before this number messages were let go since the last question. */
  #gone = 0;

  /** Up to which time all was known before this session: since ever, if nothing was. */
  get since(): number {
    return this.#seam?.at ?? Infinity;
  }

  /** A new session has begun; this is the last message that is known. */
  begin(newest: Entry | undefined): void {
    this.isAsked = false;
    this.#gone = 0;
    this.#seam = newest;
    this.#filled = 0;
  }

  /** Something earlier is asked for. */
  ask(): void {
    this.isAsked = true;
    this.#gone = 0;
  }

  /**
   * So many messages have come, the first of which was said then (in epoch milliseconds). Returns the
   * number before which to ask on at once, if any.
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
    // What was let go while the answer was on its way is to be asked for again.
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

  /** Messages before this number were let go. */
  letGo(id: number): void {
    this.#gone = Math.max(this.#gone, id);
    this.older = Math.max(this.older ?? 0, id);
  }

  /** It is somebody else's from now on: how far back it goes is not known. */
  change(): void {
    this.older = ANY;
  }
}
