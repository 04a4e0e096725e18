// The file's index of words: which messages have which terms (see words.ts). It stores no texts, so whoever
// adds or deletes messages must do the same here, in the same transaction. It also merges the index in small
// steps: every transaction adds a piece, and SQLite itself would merge them for 100 ms at a time.

import type { DatabaseSync } from "node:sqlite";
import { log } from "../log.ts";
import { termsOf } from "./words.ts";

// Terms are separated by spaces, as words.ts makes them. `Merge` merges the pieces, and removes what was
// deleted.
const TABLE = `
  CREATE VIRTUAL TABLE words USING fts5 (
    terms, content = '', contentless_delete = 1, detail = none,
    tokenize = "ascii tokenchars '#$*+<=>^\`|~'"
  );
  INSERT INTO words (words, rank) VALUES ('automerge', 0), ('crisismerge', 1000), ('deletemerge', 0);
`;

/** Messages that are read at once; and how many take long enough to log it. */
const PAGE = 1000, MANY = 100_000;

/** Adds messages to the index, and removes them. */
export class WordIndex {
  readonly #insert;
  readonly #delete;

  constructor(db: DatabaseSync) {
    this.#insert = db.prepare("INSERT INTO words (rowid, terms) VALUES (?, ?)");
    this.#delete = db.prepare(
      "DELETE FROM words WHERE rowid IN (SELECT value FROM json_each(?))",
    );
  }

  /** Adds a message that is not in the index. */
  add(id: number, text: string): void {
    const terms = termsOf(text);
    if (terms.size > 0) this.#insert.run(id, [...terms].join(" "));
  }

  /** Removes messages. */
  remove(ids: readonly number[]): void {
    this.#delete.run(JSON.stringify(ids));
  }
}

/** Bytes of the index that are gathered into a piece: usually, and while the index is made. */
const USUAL = 1024 * 1024, AT_ONCE = 8 * USUAL;

/** Makes the index of all messages: 30 seconds a million. */
export function makeIndex(db: DatabaseSync): void {
  db.exec(TABLE);
  const gather = (bytes: number) =>
    db.exec(`INSERT INTO words (words, rank) VALUES ('hashsize', ${bytes})`);
  gather(AT_ONCE);
  const { count } = db.prepare("SELECT count(*) AS count FROM messages").get() ?? {};
  if (Number(count) >= MANY) {
    log.warn("indexing {count} messages anew: this may take a minute, and is done once", { count });
  }
  const index = new WordIndex(db);
  const page = db.prepare(`SELECT id, text FROM messages WHERE id > ? ORDER BY id LIMIT ${PAGE}`);
  let last = 0;
  for (let rows = page.all(last); rows.length > 0; rows = page.all(last)) {
    for (const { id, text } of rows) index.add(Number(id), String(text));
    last = Number(rows.at(-1)!.id);
  }
  new Merge(db).toOne();
  gather(USUAL);
}

/** Pages of one step, about a millisecond of work. */
const PAGES = 8;

/** Merges pieces of the index. */
export class Merge {
  readonly #merge;
  readonly #changes;

  constructor(db: DatabaseSync) {
    this.#merge = db.prepare("INSERT INTO words (words, rank) VALUES ('merge', ?)");
    this.#changes = db.prepare("SELECT total_changes() AS count");
  }

  /** Runs one step; returns whether there was anything to do. Throws if the disk fails. */
  step(): boolean {
    return this.#run(PAGES);
  }

  /** Runs the first step to a single piece: only then is nothing left of deleted messages. */
  stepToOne(): boolean {
    return this.#run(-PAGES);
  }

  /** Merges all into a single piece, for programs that have the time: a second a million messages. */
  toOne(): void {
    for (let isMore = this.stepToOne(); isMore; isMore = this.step());
  }

  #run(pages: number): boolean {
    const before = this.#count();
    this.#merge.run(pages);
    // The statement itself counts as one change.
    return this.#count() - before > 1;
  }

  #count(): number {
    return Number(this.#changes.get()?.count);
  }
}
