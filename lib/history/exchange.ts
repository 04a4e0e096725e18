// Messages out of the file and back: what was said in rooms, one by one, without the private ones.

import type { DatabaseSync } from "node:sqlite";
import { isName, nameKey } from "../chat/names.ts";
import { NAME_LENGTH } from "../chat/rooms.ts";
import { sanitize } from "../wire/sanitize.ts";
import { indexAll } from "./index_journal.ts";
import { DamageError } from "./faults.ts";
import { Merge } from "./merge.ts";
import { type ExportedRoom, RoomsTaken } from "./rooms_taken.ts";
import { HistoryError, transact } from "./schema.ts";
import { WordIndex } from "./word_index.ts";

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
  /** The number of a room that is not open to all: see `ExportedRoom`. */
  readonly roomId?: number;
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

/** One line of an export. */
export type ExportedItem = ExportedMessage | ExportedRoom | ExportedGap;

/** A table's row by column. */
type Columns = ReturnType<ReturnType<DatabaseSync["prepare"]>["all"]>[number];

/** The longest text that is taken back, in characters: the longest that a room can have; and topic. */
const LONGEST = 64 * 1024, LONGEST_TOPIC = 200;

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
): Generator<ExportedItem> {
  indexAll(db);
  const key = room === undefined ? null : nameKey(room.replace(/^#/, ""));
  if (key !== null && db.prepare("SELECT 1 FROM rooms WHERE key = ?").get(key) === undefined) {
    throw new HistoryError(`there never was a room ${room} in this file`);
  }
  const gaps = db.prepare("SELECT * FROM gaps ORDER BY after_id").all();
  const page = db.prepare(`
    SELECT m.id, m.at, m.room AS room_id, r.name AS room, m.kind, m.sender, m.text,
      r.locked, r.gone
    FROM messages AS m NOT INDEXED CROSS JOIN rooms AS r ON r.id = m.room
    WHERE m.id > ?4 AND m.at >= ?1 AND m.at < ?2 AND (?3 IS NULL OR r.key = ?3)
    ORDER BY m.id LIMIT ${PAGE}`);
  const told = new Set<number>();
  for (const row of pages((last) => page.all(since, until, key, last))) {
    const id = Number(row.id), roomId = Number(row.room_id);
    while (gaps[0] !== undefined && Number(gaps[0].after_id) < id) yield toGap(gaps.shift()!);
    // A room that is locked while it is exported is locked for all of its messages.
    const isOpen = !told.has(roomId) && row.locked === 0 && row.gone === 0;
    if (!isOpen && !told.has(roomId)) {
      told.add(roomId);
      yield toRoom(db, roomId);
    }
    yield {
      id,
      at: toTime(row.at),
      room: String(row.room),
      ...isOpen ? {} : { roomId },
      kind: row.kind === "action" ? "action" : "message",
      from: String(row.sender),
      text: String(row.text),
    };
  }
  for (const gap of gaps) yield toGap(gap);
}

/** What an import has come to. */
export interface Imported {
  readonly imported: number;
  /** Messages that were there already. */
  readonly present: number;
}

/**
 * Takes messages behind those that are there, all of them or, where one is wrong, none. One that is there
 * already is left out, as often as it is there. Throws a `HistoryError` that says what is wrong.
 */
export function importMessages(
  db: DatabaseSync,
  items: Iterable<unknown>,
  report: (count: number) => void = () => undefined,
): Imported {
  indexAll(db);
  const insert = db.prepare(
    "INSERT INTO messages (id, at, room, kind, sender, text) VALUES (?, ?, ?, ?, ?, ?)",
  );
  // By time few are the same; by room, which SQLite might try first, half of all may be.
  const same = db.prepare(`SELECT id FROM messages INDEXED BY messages_at
    WHERE at = ? AND room = ? AND kind = ? AND sender = ? AND text = ? AND id <= ? ORDER BY id`);
  const index = new WordIndex(db), merge = new Merge(db);
  return transact(db, () => {
    const before = Number(db.prepare("SELECT message FROM highest").get()?.message ?? 0);
    const rooms = new RoomsTaken(db);
    /** Those that were there and are in what is read: each stands for one. */
    const met = new Set<number>();
    let last = before, imported = 0;
    for (const item of items) {
      const { kind } = Object(item) as { kind?: unknown };
      if (kind === "gap") continue;
      if (kind === "room") {
        rooms.announce(checkRoom(item));
        continue;
      }
      const { at, from, text, ...message } = check(item);
      const columns = [Date.parse(at), rooms.idOf(message), message.kind, from, text] as const;
      const there = same.all(...columns, before).find(({ id }) => !met.has(Number(id)));
      if (there !== undefined) {
        met.add(Number(there.id));
      } else {
        insert.run(++last, ...columns);
        index.add(last, text);
        if (++imported % MERGE_AFTER === 0) merge.step();
      }
      report(imported + met.size);
    }
    db.prepare("UPDATE highest SET message = ?").run(last);
    return { imported, present: met.size };
  });
}

/** Every row of many pages, in the order of ids. */
function* pages(page: (last: number) => Columns[]): Generator<Columns> {
  for (let rows = page(0); rows.length > 0; rows = page(Number(rows.at(-1)!.id))) yield* rows;
}

function toTime(at: unknown): string {
  const time = new Date(Number(at));
  if (Number.isNaN(time.getTime())) throw new DamageError("a time is none");
  return time.toISOString();
}

function toGap({ count, since }: Columns): ExportedGap {
  return { kind: "gap", at: toTime(since), count: Number(count) };
}

function toRoom(db: DatabaseSync, id: number): ExportedRoom {
  const { name, topic, gone, owner } = db.prepare(`
    SELECT r.name, r.topic, r.gone, a.name AS owner
    FROM rooms AS r LEFT JOIN accounts AS a ON a.id = r.owner WHERE r.id = ?`).get(id) ?? {};
  return {
    ...{ kind: "room", roomId: id, room: String(name), state: gone === 1 ? "gone" : "locked" },
    ...topic === "" ? {} : { topic: String(topic) },
    ...owner === null ? {} : { owner: String(owner) },
  };
}

/** A message as export wrote it. */
function check(item: unknown): ExportedMessage {
  const { at, room, roomId, kind, from, text } = Object(item) as Partial<Record<string, unknown>>;
  const wrong = kind !== "message" && kind !== "action"
    ? "kind"
    : typeof at !== "string" || Number.isNaN(Date.parse(at))
    ? "at"
    : !isRoomName(room)
    ? "room"
    : roomId !== undefined && !Number.isSafeInteger(roomId)
    ? "roomId"
    : typeof from !== "string" || !isName(from, 20)
    ? "from"
    : !isText(text, LONGEST)
    ? "text"
    : undefined;
  if (wrong === undefined) return item as ExportedMessage;
  throw new HistoryError(`this is no message that export wrote: look at its "${wrong}"`);
}

/** A room as export wrote it. */
function checkRoom(item: unknown): ExportedRoom {
  const { roomId, room, state, topic, owner } = Object(item) as Partial<Record<string, unknown>>;
  const wrong = !Number.isSafeInteger(roomId)
    ? "roomId"
    : !isRoomName(room)
    ? "room"
    : state !== "locked" && state !== "gone"
    ? "state"
    : topic !== undefined && !isText(topic, LONGEST_TOPIC)
    ? "topic"
    : owner !== undefined && (typeof owner !== "string" || !isName(owner, 20))
    ? "owner"
    : undefined;
  if (wrong === undefined) return item as ExportedRoom;
  throw new HistoryError(`this is no room that export wrote: look at its "${wrong}"`);
}

function isRoomName(name: unknown): name is string {
  return typeof name === "string" && isName(name, NAME_LENGTH);
}

function isText(text: unknown, longest: number): boolean {
  return typeof text === "string" && text.length <= longest && sanitize(text) === text;
}
