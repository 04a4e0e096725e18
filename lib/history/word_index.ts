// The file's index of words: which messages have which terms (see words.ts). It has no text of its own,
// so whoever adds or deletes messages does the same here, in one transaction. And its merging: every
// transaction adds a piece, SQLite would merge them for 100 ms at once now and then.

import type { DatabaseSync } from "node:sqlite";
import { log } from "../log.ts";
import { termsOf } from "./words.ts";

// Terms come with blanks between them, as words.ts has made them: what it counts as a word is one here.
// `Merge` keeps it in order, and takes out what is deleted.
const TABLE = `
  CREATE VIRTUAL TABLE words USING fts5 (
    terms, content = '', contentless_delete = 1, detail = none,
    tokenize = "ascii tokenchars '#$*+<=>^\`|~'"
  );
  INSERT INTO words (words, rank) VALUES ('automerge', 0), ('crisismerge', 1000), ('deletemerge', 0);
`;

/** So many messages are read at once; and what takes so many is said. */
const PAGE = 1000, MANY = 100_000;

/** Adds to the index, and removes from it. */
export class WordIndex {
  readonly #insert;
  readonly #delete;

  constructor(db: DatabaseSync) {
    this.#insert = db.prepare("INSERT INTO words (rowid, terms) VALUES (?, ?)");
    this.#delete = db.prepare(
      "DELETE FROM words WHERE rowid IN (SELECT value FROM json_each(?))",
    );
  }

  /** Adds a message that it does not have. */
  add(id: number, text: string): void {
    const terms = termsOf(text);
    if (terms.size > 0) this.#insert.run(id, [...terms].join(" "));
  }

  /** Removes messages. */
  remove(ids: readonly number[]): void {
    this.#delete.run(JSON.stringify(ids));
  }
}

/** Bytes of the index that are gathered before they are a piece of it: as usual, and while it is made. */
const USUAL = 1024 * 1024, AT_ONCE = 8 * USUAL;

/** Makes the index, of all the messages there are: 30 seconds a million. */
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
