// Messages out of the file and back: what was said in rooms, one by one, without the private ones.

import type { DatabaseSync } from "node:sqlite";
import { isName, nameKey } from "../chat/names.ts";
import { LOBBY } from "../chat/room.ts";
import { sanitize } from "../wire/sanitize.ts";
import { digestAll } from "./digest.ts";
import { Merge } from "./merge.ts";
import { HistoryError, transact } from "./schema.ts";

/** What is exported: of one room, from one time on, before another (epoch ms). */
export interface Extent {
  readonly room?: string;
  readonly since?: number;
  readonly until?: number;
}

/** A message outside the file. */
export interface ExportedMessage {
  readonly id: number;
  /** ISO 8601. */
  readonly at: string;
  readonly room: string;
  readonly kind: "message" | "action";
  readonly from: string;
  readonly text: string;
}

/** So many messages were lost here, while the disk failed. */
export interface ExportedGap {
  readonly kind: "gap";
  readonly at: string;
  readonly count: number;
}

/** A table's row by column. */
type Columns = ReturnType<ReturnType<DatabaseSync["prepare"]>["all"]>[number];

/** The longest text that is taken back, in characters: the longest that a room can have. */
const LONGEST = 64 * 1024;

/**
 * So many messages are read at once. One query for all would keep the file as it was then until the last
 * one is taken, and a running server's write-ahead log would grow as long as nobody does.
 */
const PAGE = 500;
/** So many messages are taken between two steps that keep the index of words in order. */
const MERGE_AFTER = 100;

/** Everything of that extent, in order. Throws a `HistoryError` for a room that never was. */
export function* exportMessages(
  db: DatabaseSync,
  { room, since = 0, until = Number.MAX_SAFE_INTEGER }: Extent,
): Generator<ExportedMessage | ExportedGap> {
  digestAll(db);
  const key = room === undefined ? null : nameKey(room.replace(/^#/, ""));
  if (key !== null && db.prepare("SELECT 1 FROM rooms WHERE key = ?").get(key) === undefined) {
    throw new HistoryError(`there never was a room ${room} in this file`);
  }
  const gaps = db.prepare("SELECT * FROM gaps ORDER BY after_id").all();
  const page = db.prepare(`
    SELECT m.id, m.at, r.name AS room, m.kind, m.sender, m.text
    FROM messages AS m NOT INDEXED CROSS JOIN rooms AS r ON r.id = m.room
    WHERE m.id > ?4 AND m.at >= ?1 AND m.at < ?2 AND (?3 IS NULL OR r.key = ?3)
    ORDER BY m.id LIMIT ${PAGE}`);
  for (
    const { id, at, room, kind, sender, text } of pages((last) => page.all(since, until, key, last))
  ) {
    while (gaps[0] !== undefined && Number(gaps[0].after_id) < Number(id)) {
      yield toGap(gaps.shift()!);
    }
    yield {
      id: Number(id),
      at: new Date(Number(at)).toISOString(),
      room: String(room),
      kind: kind === "action" ? "action" : "message",
      from: String(sender),
      text: String(text),
    };
  }
  for (const gap of gaps) yield toGap(gap);
}

/**
 * Takes messages behind those that are there, all of them or, where one is wrong, none; returns how many.
 * Throws a `HistoryError` that says what is wrong.
 */
export function importMessages(
  db: DatabaseSync,
  items: Iterable<unknown>,
  report: (count: number) => void = () => undefined,
): number {
  digestAll(db);
  const insert = db.prepare(
    "INSERT INTO messages (id, at, room, kind, sender, text) VALUES (?, ?, ?, ?, ?, ?)",
  );
  const find = db.prepare(
    "SELECT id FROM rooms WHERE key = ? AND gone = 0 ORDER BY id DESC LIMIT 1",
  );
  const make = db.prepare("INSERT INTO rooms (key, name) VALUES (?, ?) RETURNING id");
  const rooms = new Map<string, number>([[nameKey(LOBBY.name), LOBBY.id]]);
  const roomId = (name: string): number => {
    const key = nameKey(name);
    const id = rooms.get(key) ?? Number((find.get(key) ?? make.get(key, name))!.id);
    rooms.set(key, id);
    return id;
  };
  const merge = new Merge(db);
  return transact(db, () => {
    let last = Number(db.prepare("SELECT message FROM highest").get()?.message ?? 0), count = 0;
    for (const item of items) {
      const message = check(item);
      if (message === undefined) continue;
      const { at, room, kind, from, text } = message;
      insert.run(++last, Date.parse(at), roomId(room), kind, from, text);
      report(++count);
      if (count % MERGE_AFTER === 0) merge.step();
    }
    db.prepare("UPDATE highest SET message = ?").run(last);
    return count;
  });
}

/** Every row of many pages, in the order of ids. */
function* pages(page: (last: number) => Columns[]): Generator<Columns> {
  for (let rows = page(0); rows.length > 0; rows = page(Number(rows.at(-1)!.id))) yield* rows;
}

function toGap({ count, since }: Columns): ExportedGap {
  return { kind: "gap", at: new Date(Number(since)).toISOString(), count: Number(count) };
}

/** A message as export wrote it; nothing for a gap. */
function check(item: unknown): ExportedMessage | undefined {
  const { at, room, kind, from, text } = Object(item) as Partial<Record<string, unknown>>;
  if (kind === "gap") return undefined;
  const wrong = kind !== "message" && kind !== "action"
    ? "kind"
    : typeof at !== "string" || Number.isNaN(Date.parse(at))
    ? "at"
    : typeof room !== "string" || !isName(room, 30)
    ? "room"
    : typeof from !== "string" || !isName(from, 20)
    ? "from"
    : typeof text !== "string" || text.length > LONGEST || sanitize(text) !== text
    ? "text"
    : undefined;
  if (wrong === undefined) return item as ExportedMessage;
  throw new HistoryError(`this is no message that export wrote: look at its "${wrong}"`);
}
