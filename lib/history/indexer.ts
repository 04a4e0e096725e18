// Moves messages from the journal to the messages table and the index of words, one journal row at a time.
// That takes twenty times as long as writing them to the journal, and nobody should wait for it. So it is
// done at once while the chat is quiet, seldom while it is busy, and more often the more there is to move.

import type { DatabaseSync } from "node:sqlite";
import { transact } from "./migrations.ts";
import { COLUMNS, isMended, parameterOf, parseRows, toMessage } from "./messages.ts";
import { Merge, WordIndex } from "./word_index.ts";

/** Moves the journal's oldest row; returns its count of messages, 0 if there is none. */
export type IndexStep = () => number;

/** Makes the step of a file; the step throws if the disk fails. */
export function createIndexStep(db: DatabaseSync): IndexStep {
  const oldest = db.prepare("SELECT id, last, count, messages FROM journal ORDER BY id LIMIT 1");
  // Messages of an account that was forgotten meanwhile are dropped. And a message may be there already: a
  // disk can report that a commit failed after it succeeded.
  const insert = db.prepare(`
    INSERT INTO messages (${COLUMNS.join(", ")}) SELECT ${COLUMNS.map(parameterOf).join(", ")}
    WHERE NOT EXISTS (SELECT 1 FROM forgotten WHERE account IN (${parameterOf("account")}, ${
    parameterOf("to_account")
  }))
    ON CONFLICT (id) DO NOTHING`);
  const lookUp = db.prepare("SELECT message FROM highest");
  const mend = db.prepare("UPDATE messages SET text = ?, edited = ?, deleted = ? WHERE id = ?");
  const toErase = db.prepare("INSERT INTO erasing DEFAULT VALUES");
  const highest = db.prepare("UPDATE highest SET message = max(message, ?)");
  const done = db.prepare("DELETE FROM journal WHERE id = ?");
  const index = new WordIndex(db);
  const merge = new Merge(db);
  return () => {
    // Usually there is nothing to do; then no lock is taken.
    if (oldest.get() === undefined) return 0;
    const moved = transact(db, () => {
      const together = oldest.get();
      if (together === undefined) return 0;
      const last = Number(lookUp.get()?.message);
      for (const row of parseRows(together.messages)) {
        const { id, text, edited, deleted } = toMessage(row, String);
        // One that is not there any more was deleted meanwhile, and stays so.
        const isThere = isMended(row) && id <= last || insert.run(...row).changes === 0;
        if (!isThere) index.add(id, text);
        else if (isMended(row)) {
          const flags = [edited, deleted].map((is) => is ? 1 : null);
          if (mend.run(text, ...flags, id).changes === 0) continue;
          index.remove([id]);
          index.add(id, text);
          toErase.run();
        }
      }
      highest.run(Number(together.last));
      done.run(Number(together.id));
      return Number(together.count);
    });
    merge.step();
    return moved;
  };
}

/** Moves all messages, or as many as this time (ms) allows. Throws if the disk fails. */
export function indexAll(db: DatabaseSync, time = Infinity): void {
  const indexStep = createIndexStep(db), end = performance.now() + time;
  while (performance.now() < end && indexStep() > 0);
}

/** Milliseconds between two checks whether it is time for a step. */
const LOOK = 20;
/** Milliseconds without a message that count as quiet. */
const QUIET = 10;
/** Milliseconds between two steps while the chat is busy: the longest and the shortest. */
const SELDOM = 1000, OFTEN = 100;
/** With so many messages behind, a step runs every second; with ten times as many, ten times as often. */
const FAR_BEHIND = 1000;

/** Options of the indexer. */
export interface IndexerOptions {
  /** One step; returns undefined if the disk failed. */
  readonly step: () => ReturnType<IndexStep> | undefined;
  /** How many messages are in the journal. */
  readonly behind: number;
  /** Called when the journal has become empty. */
  readonly onEmpty: () => void;
}

/** Runs the steps from time to time. */
export class Indexer {
  readonly #options: IndexerOptions;
  #behind: number;
  #saidAt = 0;
  #steppedAt = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(options: IndexerOptions) {
    this.#options = options;
    this.#behind = options.behind;
  }

  /** How many messages are not indexed. */
  get behind(): number {
    return this.#behind;
  }

  /** Begins, or continues if it has stopped. */
  start(): void {
    if (this.#behind === 0 || this.#timer !== undefined) return;
    this.#timer = setTimeout(() => this.#look(), LOOK);
    // The timer keeps no process alive: whoever ends the process closes the history.
    Deno.unrefTimer(this.#timer);
  }

  /** This many messages were added to the journal. */
  added(count: number): void {
    if (count === 0) return;
    this.#behind += count;
    this.#saidAt = performance.now();
    this.start();
  }

  /** Runs one step; returns whether there is more to do and the disk works. */
  step(): boolean {
    const moved = this.#options.step();
    if (moved === undefined) return false;
    this.#behind = moved === 0 ? 0 : Math.max(0, this.#behind - moved);
    if (this.#behind === 0) this.#options.onEmpty();
    return this.#behind > 0;
  }

  /** Runs steps until nothing is left, or this time (ms) is over. */
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
      // After a disk failure, the next message or `start` tries again.
      if (!this.step()) return;
    }
    this.start();
  }
}
