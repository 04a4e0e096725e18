// Moves messages from the journal to the table and the index of words, a row of the journal at a time:
// that takes twenty times as long as writing them down, and is nothing anyone should wait for.

import type { DatabaseSync } from "node:sqlite";
import { Merge } from "./merge.ts";
import { COLUMNS, parseRows } from "./rows.ts";
import { transact } from "./file.ts";
import { WordIndex } from "./word_index.ts";

/** Moves the journal's oldest row; returns how many messages that were, 0 when there is none. */
export type IndexStep = () => number;

/** The indexStep of a file; what it returns throws for a disk's fault. */
export function createIndexStep(db: DatabaseSync): IndexStep {
  const oldest = db.prepare("SELECT id, last, count, messages FROM journal ORDER BY id LIMIT 1");
  // What an account said that was forgotten meanwhile goes no further. And a message may be there
  // already: a disk can fail behind a commit that it said it could not make.
  const insert = db.prepare(`
    INSERT INTO messages (${COLUMNS}) SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9
    WHERE NOT EXISTS (SELECT 1 FROM forgotten WHERE account IN (?7, ?9))
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
        const [id, , , , , text] = message;
        if (insert.run(...message).changes > 0) index.add(id, text);
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
