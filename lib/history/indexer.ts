// Moves messages from the journal to the table and the index of words, a row of the journal at a time:
// that takes twenty times as long as writing them down, and nobody should wait for it. It is done at
// once while it is quiet, seldom while much is said, and the more often the more there is.

import type { DatabaseSync } from "node:sqlite";
import { transact } from "./migrations.ts";
import { COLUMNS, parameterOf, parseRows, toMessage } from "./messages.ts";
import { Merge, WordIndex } from "./word_index.ts";

/** Moves the journal's oldest row; returns how many messages that were, 0 when there is none. */
export type IndexStep = () => number;

/** The indexStep of a file; what it returns throws for a disk's fault. */
export function createIndexStep(db: DatabaseSync): IndexStep {
  const oldest = db.prepare("SELECT id, last, count, messages FROM journal ORDER BY id LIMIT 1");
  // What an account said that was forgotten meanwhile goes no further. And a message may be there
  // already: a disk can fail behind a commit that it said it could not make.
  const insert = db.prepare(`
    INSERT INTO messages (${COLUMNS.join(", ")}) SELECT ${COLUMNS.map(parameterOf).join(", ")}
    WHERE NOT EXISTS (SELECT 1 FROM forgotten WHERE account IN (${parameterOf("account")}, ${
    parameterOf("to_account")
  }))
    ON CONFLICT (id) DO NOTHING`);
  const highest = db.prepare("UPDATE highest SET message = max(message, ?)");
  const done = db.prepare("DELETE FROM journal WHERE id = ?");
  const index = new WordIndex(db);
  const merge = new Merge(db);
  return () => {
    // Nothing to do is the usual case, for which no lock is taken.
    if (oldest.get() === undefined) return 0;
    const moved = transact(db, () => {
      const row = oldest.get();
      if (row === undefined) return 0;
      for (const message of parseRows(row.messages)) {
        if (insert.run(...message).changes === 0) continue;
        const { id, text } = toMessage(message, String);
        index.add(id, text);
      }
      highest.run(Number(row.last));
      done.run(Number(row.id));
      return Number(row.count);
    });
    merge.step();
    return moved;
  };
}

/** Moves all there is, for programs that have the time. */
export function indexAll(db: DatabaseSync): void {
  const indexStep = createIndexStep(db);
  while (indexStep() > 0);
}

/** Milliseconds between two looks at whether it is time. */
const LOOK = 20;
/** Milliseconds without a word that are quiet. */
const QUIET = 10;
/** Milliseconds between two steps while it is not: from the most to the least. */
const SELDOM = 1000, OFTEN = 100;
/** So many messages behind, it is done every second; ten times as many, ten times as often. */
const FAR_BEHIND = 1000;

/** Options of the indexer. */
export interface IndexerOptions {
  /** One step; returns undefined when the disk failed. */
  readonly step: () => ReturnType<IndexStep> | undefined;
  /** How many messages the journal has. */
  readonly behind: number;
  /** Called when the journal has become empty. */
  readonly onEmpty: () => void;
}

/** Indexes now and then. */
export class Indexer {
  readonly #options: IndexerOptions;
  #behind: number;
  #saidAt = 0;
  #steppedAt = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(options: IndexerOptions) {
    this.#options = options;
    this.#behind = options.behind;
    this.start();
  }

  /** How many messages are not indexed. */
  get behind(): number {
    return this.#behind;
  }

  /** Goes on, if it has stopped. */
  start(): void {
    if (this.#behind === 0 || this.#timer !== undefined) return;
    this.#timer = setTimeout(() => this.#look(), LOOK);
    // It keeps no process alive: whoever ends closes the history.
    Deno.unrefTimer(this.#timer);
  }

  /** So many messages were added to the journal. */
  added(count: number): void {
    if (count === 0) return;
    this.#behind += count;
    this.#saidAt = performance.now();
    this.start();
  }

  /** One step; returns whether there is more to do, and the disk lets it. */
  step(): boolean {
    const moved = this.#options.step();
    if (moved === undefined) return false;
    this.#behind = moved === 0 ? 0 : Math.max(0, this.#behind - moved);
    if (this.#behind === 0) this.#options.onEmpty();
    return this.#behind > 0;
  }

  /** Steps until nothing is left, or this time (ms) is over. */
  finish(time: number): void {
    const end = performance.now() + time;
    while (performance.now() < end && this.step());
  }

  /** Stops for good. */
  stop(): void {
    clearTimeout(this.#timer);
    this.#behind = 0;
  }

  #look(): void {
    this.#timer = undefined;
    const now = performance.now();
    const wait = Math.max(OFTEN, Math.min(SELDOM, SELDOM * FAR_BEHIND / this.#behind));
    const isTime = now - this.#saidAt >= QUIET || now - this.#steppedAt >= wait;
    if (isTime) {
      this.#steppedAt = now;
      // A failed disk is tried again with the next message, or the next `start`.
      if (!this.step()) return;
    }
    this.start();
  }
}
