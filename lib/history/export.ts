// Exports the messages of rooms, one by one; private messages are left out. import.ts reads them back.

import type { DatabaseSync } from "node:sqlite";
import { nameKey } from "../chat/names.ts";
import { DamageError, HistoryError } from "./faults.ts";
import { indexAll } from "./indexer.ts";
import { type Columns } from "./rows.ts";
import { EXPORTED_COLUMNS, type ExportedFields, toExported } from "./messages.ts";

/** What to export: of one room, from one time on, before another (epoch ms). */
export interface ExportRange {
  readonly room?: string;
  readonly since?: number;
  readonly until?: number;
}

/** An exported message. */
export interface ExportedMessage extends ExportedFields {
  readonly id: number;
  /** ISO 8601. */
  readonly at: string;
  readonly room: string;
  /** The number of a room that is not open to all: see `ExportedRoom`. */
  readonly roomId?: number;
}

/** A room that is not open to all; it comes before its first message. */
export interface ExportedRoom {
  readonly kind: "room";
  readonly roomId: number;
  readonly room: string;
  /** Nobody may enter a room that is gone; a new room of its name is another room. */
  readonly state: "locked" | "gone";
  readonly topic?: string;
  /** The name of the room's owner. */
  readonly owner?: string;
}

/** How many messages were lost here while the disk failed. */
export interface ExportedGap {
  readonly kind: "gap";
  readonly at: string;
  readonly count: number;
}

/** One line of an export. */
export type ExportedItem = ExportedMessage | ExportedRoom | ExportedGap;

/**
 * Messages that are read at once. One query for all would keep a snapshot of the file until its end, and a
 * running server's write-ahead log would grow meanwhile.
 */
const PAGE = 500;

/** Yields everything in the range, in order. Throws a `HistoryError` if the room never existed. */
export function* exportMessages(
  db: DatabaseSync,
  { room, since = 0, until = Number.MAX_SAFE_INTEGER }: ExportRange,
): Generator<ExportedItem> {
  indexAll(db);
  const key = room === undefined ? null : nameKey(room.replace(/^#/, ""));
  if (key !== null && db.prepare("SELECT 1 FROM rooms WHERE key = ?").get(key) === undefined) {
    throw new HistoryError(`there never was a room ${room} in this file`);
  }
  const gaps = db.prepare("SELECT * FROM gaps ORDER BY after_id").all();
  const page = db.prepare(`
    SELECT m.id, m.at, m.room AS room_id, r.name AS room, r.locked, r.gone,
      ${EXPORTED_COLUMNS.map((column) => `m.${column}`).join(", ")}
    FROM messages AS m NOT INDEXED CROSS JOIN rooms AS r ON r.id = m.room
    WHERE m.id > ?4 AND m.at >= ?1 AND m.at < ?2 AND (?3 IS NULL OR r.key = ?3)
    ORDER BY m.id LIMIT ${PAGE}`);
  const told = new Set<number>();
  for (const row of pages((last) => page.all(since, until, key, last))) {
    const id = Number(row.id), roomId = Number(row.room_id);
    while (gaps[0] !== undefined && Number(gaps[0].after_id) < id) yield toGap(gaps.shift()!);
    // A room that is locked during the export counts as locked for all of its messages.
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
      ...toExported(row),
    };
  }
  for (const gap of gaps) yield toGap(gap);
}

/** The rows of all pages, in the order of ids. */
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
