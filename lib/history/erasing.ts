// Erases what is left of texts that were changed or taken back: the messages table has them no more, but the index
// of words and the write-ahead log still may. That takes a second a million messages, so it is done in small steps,
// and not for each text.

import type { DatabaseSync } from "node:sqlite";
import { Merge } from "./word_index.ts";

/** Milliseconds between two times, and milliseconds to spend in a step. */
const EVERY = 600_000, TIME = 4;

/** Options of erasing. */
export interface ErasingOptions {
  readonly db: DatabaseSync;
  /** Empties the write-ahead log. */
  readonly shorten: () => void;
}

/** Erases earlier texts. */
export class Erasing {
  readonly #options: ErasingOptions;
  readonly #last;
  readonly #done;
  readonly #merge: Merge;
  /** The last earlier text that is gone once the index is a single piece; undefined unless it is being made one. */
  #upTo: number | undefined;
  #dueAt = 0;

  constructor(options: ErasingOptions) {
    const { db } = this.#options = options;
    this.#last = db.prepare("SELECT max(id) AS id FROM erasing");
    this.#done = db.prepare("DELETE FROM erasing WHERE id <= ?");
    this.#merge = new Merge(db);
  }

  /** Does a step, if something is due at this time (ms, from any clock that never goes back). Throws if the disk fails. */
  tick(now: number): void {
    if (this.#upTo === undefined && now >= this.#dueAt) this.#begin(now);
    if (this.#upTo === undefined) return;
    const end = performance.now() + TIME;
    let isMore = true;
    while (isMore && performance.now() < end) isMore = this.#merge.step();
    if (isMore) return;
    this.#done.run(this.#upTo);
    this.#upTo = undefined;
    this.#options.shorten();
  }

  #begin(now: number): void {
    const { id = null } = this.#last.get() ?? {};
    if (id === null) return;
    this.#dueAt = now + EVERY;
    this.#merge.stepToOne();
    this.#upTo = Number(id);
  }
}
