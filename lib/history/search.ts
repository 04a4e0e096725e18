// Looks for words in the file: newest first, in slices of a few milliseconds, with a turn for everybody
// else between them.

import type { DatabaseSync } from "node:sqlite";
import type { Message } from "../chat/event.ts";
import type { Search } from "../chat/history.ts";
import { COLUMNS, toMessage, toRows } from "./rows.ts";
import { turn } from "./turn.ts";

/** Messages of one slice: at most so many have to be looked at. */
const SLICE = 10_000;
/** What the index makes a word of. */
const INDEXED = /[\p{L}\p{N}\p{Co}]/u;
/** Scripts without blanks between words: the index has whole sentences of them as one word. */
const UNSPACED =
  /[\p{scx=Han}\p{scx=Hira}\p{scx=Kana}\p{scx=Thai}\p{scx=Laoo}\p{scx=Khmr}\p{scx=Mymr}]/u;

/** What is looked for, and whether nobody waits for it any more. */
export interface Searching {
  readonly search: Search;
  readonly isOver: () => boolean;
}

/** Messages with all the words, newest first. Rejects for a disk's fault. */
export async function searchFile(
  db: DatabaseSync,
  { search: { words, reader, rooms, count }, isOver }: Searching,
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
  let last = Number.MAX_SAFE_INTEGER;
  while (found.length < count && !isOver()) {
    // Numbers may have holes, where much was forgotten.
    const to = newest.get(last)?.id;
    if (typeof to !== "number") break;
    last = to - SLICE;
    const within = [last + 1, to, allowed, reader.account ?? null, count - found.length];
    const rows = toRows(select.all(...parameters, ...within));
    found.push(...rows.map((row) => toMessage(row, names.get(row[2]) ?? "")));
    await turn();
  }
  return found;
}

/** The statement that looks for words in a slice, and their part of its parameters. */
function slice(words: readonly string[]): { sql: string; parameters: string[] } {
  const inIndex = words.filter((word) => !UNSPACED.test(word));
  const inText = words.filter((word) => UNSPACED.test(word));
  const columns = COLUMNS.split(", ").map((column) => `m.${column}`).join(", ");
  // In quotes nothing means anything to FTS5.
  const match = inIndex.map((word) => `"${word.replace(/["\0]/g, " ")}"`).join(" ");
  const [table, id] = match === ""
    ? ["messages AS m", "m.id"]
    : ["words CROSS JOIN messages AS m ON m.id = words.rowid", "words.rowid"];
  const sql = `
    SELECT ${columns} FROM ${table} WHERE
      ${match === "" ? "" : "words MATCH ? AND"}
      ${inText.map(() => "instr(m.text, ?) AND").join(" ")}
      ${id} BETWEEN ? AND ? AND
      (m.room IN (SELECT value FROM json_each(?)) OR m.room IS NULL AND ? IN (m.account, m.to_account))
    ORDER BY ${id} DESC LIMIT ?`;
  return { sql, parameters: match === "" ? inText : [match, ...inText] };
}
