// Records that wait for the disk: in order, and no more than the memory bears.

import type { Forgotten, Record } from "../chat/history.ts";
import { theirs } from "./recent.ts";
import type { Gap } from "./records.ts";

/** Most that may wait, in bytes, about; and what a record takes besides its text. */
const MOST_WAITING = 16 * 1024 * 1024, OVERHEAD = 200;

/** Records in order, and the gap behind them. */
export class Unwritten {
  #records: Record[] = [];
  #size = 0;
  #gap: Gap | undefined;
  #lastId = 0;

  /** Whether nothing waits. */
  get isEmpty(): boolean {
    return this.#records.length === 0 && this.#gap === undefined;
  }

  /** The messages that were dropped. */
  get gap(): Gap | undefined {
    return this.#gap;
  }

  /** All of them, oldest first. */
  get records(): readonly Record[] {
    return this.#records;
  }

  /** Adds records; returns how many messages were dropped, since too much waits. */
  push(records: readonly Record[]): number {
    let dropped = 0;
    for (const record of records) {
      if (record.kind === "said") {
        const { id, at } = record.message;
        // Once there is a gap, all messages fall into it: so it is one, and where it begins is known.
        if (this.#gap !== undefined || this.#size > MOST_WAITING) {
          const { after = this.#lastId || id - 1, count = 0, since = at } = this.#gap ?? {};
          this.#gap = { after, count: count + 1, since, until: at };
          dropped++;
          continue;
        }
        this.#lastId = id;
      }
      this.#size += sizeOf(record);
      this.#records.push(record);
    }
    return dropped;
  }

  /** The oldest ones were written; the gap too, if they were all. */
  written(count: number): void {
    for (const record of this.#records.splice(0, count)) this.#size -= sizeOf(record);
    if (this.#records.length === 0) this.#gap = undefined;
  }

  /** Drops what somebody said, and what was said to them. */
  forget(whom: Forgotten): void {
    const isTheirs = theirs(whom);
    this.#records = this.#records.filter((record) =>
      record.kind !== "said" || !isTheirs(record.message)
    );
    this.#size = this.#records.reduce((size, record) => size + sizeOf(record), 0);
  }
}

function sizeOf(record: Record): number {
  return OVERHEAD + (record.kind === "said" ? record.message.text.length : 0);
}
