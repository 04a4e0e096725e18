// Keeps the index of words in order: every transaction adds a piece to it, and pieces are merged a few
// pages at a time. SQLite would do that by itself, for 100 ms at once now and then.

import type { DatabaseSync } from "node:sqlite";

/** Pages of one step, which take about a millisecond. */
const PAGES = 8;

/** Merges pieces of the index. */
export class Merge {
  readonly #merge;
  readonly #changes;

  constructor(db: DatabaseSync) {
    this.#merge = db.prepare("INSERT INTO words (words, rank) VALUES ('merge', ?)");
    this.#changes = db.prepare("SELECT total_changes() AS count");
  }

  /** One step; returns whether there was anything to do. Throws for a disk's fault. */
  step(): boolean {
    return this.#run(PAGES);
  }

  /** The first step towards a single piece: only there nothing is left of what was deleted. */
  stepToOne(): boolean {
    return this.#run(-PAGES);
  }

  /** Makes it a single piece, for programs that have the time: a second a million messages. */
  toOne(): void {
    for (let isMore = this.stepToOne(); isMore; isMore = this.step());
  }

  #run(pages: number): boolean {
    const before = this.#count();
    this.#merge.run(pages);
    // The statement itself counts as one.
    return this.#count() - before > 1;
  }

  #count(): number {
    return Number(this.#changes.get()?.count);
  }
}
