// Looks for words in the file: newest first, in slices of a few milliseconds, with a turn for everybody
// else between them.

import type { DatabaseSync } from "node:sqlite";
import type { Message } from "../chat/event.ts";
import type { Search } from "../chat/history.ts";
import { COLUMNS, toMessage, toRows } from "./rows.ts";

/** Messages of one slice: from the fewest to the most. */
const FEWEST = 5000, MOST = 20_000;
/** Milliseconds that are few for a slice, and those that are many. */
const SHORT = 2, LONG = 4;
/** What the index makes a word of. */
const INDEXED = /[\p{L}\p{N}\p{Co}]/u;
/** Scripts without blanks between words: the index has whole sentences of them as one word. */
const UNSPACED =
  /[\p{scx=Han}\p{scx=Hira}\p{scx=Kana}\p{scx=Thai}\p{scx=Laoo}\p{scx=Khmr}\p{scx=Mymr}]/u;

/** What is looked for, and whether nobody waits for it any more. */
export interface Searching {
  readonly search: Search;
  readonly isOver: () => boolean;
  /** Rests after a slice. */
  readonly pause: () => Promise<void>;
}

/** Messages with all the words, newest first. Rejects for a disk's fault. */
export async function searchFile(
  db: DatabaseSync,
  { search: { words, reader, rooms, count }, isOver, pause }: Searching,
): Promise<Message[]> {
  if (words.length === 0 || !words.every((word) => INDEXED.test(word))) return [];
  const { sql, parameters } = slice(words);
  const select = db.prepare(sql);
  const newest = db.prepare("SELECT max(id) AS id FROM messages WHERE id <= ?");
  const names = new Map<number | null, string>();
  for (const { id, name } of db.prepare("SELECT id, name FROM rooms WHERE gone = 0").all()) {
    if (rooms(Number(id))) names.set(Number(id), String(name));
  }
  const allowed = JSON.stringify([...names.keys()]);
  const found: Message[] = [];
  let last = Number.MAX_SAFE_INTEGER, size = FEWEST;
  while (found.length < count && !isOver()) {
    const start = performance.now();
    // Numbers may have holes, where much was forgotten.
    const to = newest.get(last)?.id;
    if (typeof to !== "number") break;
    last = to - size;
    // A number is bound as a REAL, by which FTS5 bounds nothing.
    const within = [BigInt(last + 1), BigInt(to)];
    const left = count - found.length;
    const rows = select.all(...within, allowed, reader.account ?? null, left, ...parameters);
    found.push(...toRows(rows).map((row) => toMessage(row, names.get(row[2]) ?? "")));
    const time = performance.now() - start;
    if (time < SHORT) size = Math.min(size * 2, MOST);
    else if (time > LONG) size = Math.max(size / 2, FEWEST);
    await pause();
  }
  return found;
}

/** The statement that looks for words in a slice, and the last of its parameters: the words. */
function slice(words: readonly string[]): { sql: string; parameters: string[] } {
  const columns = COLUMNS.split(", ").map((column) => `m.${column}`).join(", ");
  // The longest is the rarest, mostly: the others are then asked for what it has left alone.
  const ordered = words.toSorted((a, b) => b.length - a.length);
  const conditions = ordered.map((word, index) => {
    const parameter = `?${index + 6}`;
    if (UNSPACED.test(word)) return `instr(m.text, ${parameter})`;
    // A query for each: one for all would look beyond the slice for what they have in common.
    return `m.id IN (SELECT rowid FROM words
      WHERE words MATCH ${parameter} AND rowid BETWEEN ?1 AND ?2)`;
  });
  const sql = `
    SELECT ${columns} FROM messages AS m
    WHERE m.id BETWEEN ?1 AND ?2 AND ${conditions.join(" AND ")}
      AND (m.room IN (SELECT value FROM json_each(?3))
        OR m.room IS NULL AND ?4 IN (m.account, m.to_account))
    ORDER BY m.id DESC LIMIT ?5`;
  // In quotes nothing means anything to FTS5.
  const parameters = ordered.map((word) =>
    UNSPACED.test(word) ? word : `"${word.replace(/["\0]/g, " ")}"`
  );
  return { sql, parameters };
}
