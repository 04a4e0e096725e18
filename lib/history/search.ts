// Looks for words in the file: newest first, in slices of a few milliseconds, with a turn for everybody
// else between them. The index says which messages may have them, words.ts which ones do.

import type { DatabaseSync } from "node:sqlite";
import type { Message } from "../chat/message.ts";
import type { Search } from "../chat/history.ts";
import { COLUMNS, toMessage, toRows } from "./rows.ts";
import { matches, termsWanted, toQuery } from "./words.ts";

/** Messages of one slice: from the fewest to the most; and of them those that may have all the words. */
const FEWEST = 200, USUAL = 5000, MOST = 20_000, CANDIDATES = 200;
/** Milliseconds that are few for a slice, and those that are many. */
const SHORT = 2, LONG = 4;
/** So many words are looked up, the rarest: what they leave is held against all of them. */
const MOST_TERMS = 4;

/** What is looked for, where it may be read, and whether nobody waits for it any more. */
export interface Searching {
  readonly search: Search;
  /** The name of a room, if its messages may be shown. */
  readonly readable: (room: number) => string | undefined;
  readonly isOver: () => boolean;
  /** Rests after a slice. */
  readonly pause: () => Promise<void>;
}

/** Messages with all the words, newest first. Rejects for a disk's fault. */
export async function searchFile(
  db: DatabaseSync,
  { search: { words, reader: { account }, count }, readable, isOver, pause }: Searching,
): Promise<Message[]> {
  const query = toQuery(words);
  if (query.length === 0) return [];
  const terms = termsWanted(query).slice(0, MOST_TERMS).map((term) => `"${term}"`);
  const select = db.prepare(slice(terms.length));
  const newest = db.prepare("SELECT max(id) AS id FROM messages WHERE id <= ?");
  const found: Message[] = [];
  let last = Number.MAX_SAFE_INTEGER, size = USUAL;
  while (found.length < count && !isOver()) {
    const start = performance.now();
    // Numbers may have holes, where much was forgotten.
    const to = newest.get(last)?.id;
    if (typeof to !== "number") break;
    last = to - size;
    // Within a slice a room is asked for once; between two of them it may have been locked.
    const names = new Map<number, string | undefined>();
    const nameOf = (room: number) => {
      if (!names.has(room)) names.set(room, readable(room));
      return names.get(room);
    };
    // A number is bound as a REAL, by which FTS5 bounds nothing. And all at once: what fails while the
    // rows are read one by one is lost by node:sqlite.
    const rows = toRows(select.all(BigInt(last + 1), BigInt(to), ...terms));
    const isCut = rows.length === CANDIDATES;
    for (const [index, row] of rows.entries()) {
      const [id, , room, , , text, by, , receiver] = row;
      const name = room === null ? "" : nameOf(room);
      const isTheirs = account !== undefined && (by === account || receiver === account);
      const mayRead = room === null ? isTheirs : name !== undefined;
      if (mayRead && matches(text, query)) found.push(toMessage(row, name ?? ""));
      const isLate = performance.now() - start > LONG;
      if (found.length < count && !isLate && !(isCut && index === CANDIDATES - 1)) continue;
      last = id - 1;
      break;
    }
    const time = performance.now() - start;
    if (time > LONG || isCut) size = Math.max(Math.floor(size / 2), FEWEST);
    else if (time < SHORT) size = Math.min(size * 2, MOST);
    await pause();
  }
  return found;
}

/** The statement that looks up so many terms in a slice. */
function slice(terms: number): string {
  // A query for each: one for all would look beyond the slice for what they have in common.
  const conditions = Array.from({ length: terms }, (_, index) =>
    `id IN (SELECT rowid FROM words
      WHERE words MATCH ?${index + 3} AND rowid BETWEEN ?1 AND ?2)`);
  return `SELECT ${COLUMNS} FROM messages
    WHERE id BETWEEN ?1 AND ?2 AND ${
    conditions.join(" AND ")
  } ORDER BY id DESC LIMIT ${CANDIDATES}`;
}
