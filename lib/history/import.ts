// Imports exported messages: into the open room of the same name, or into a locked room if they were in a
// locked one.

import type { DatabaseSync } from "node:sqlite";
import { isName, nameKey } from "../chat/names.ts";
import { LOBBY } from "../chat/room.ts";
import { NAME_LENGTH } from "../chat/rooms.ts";
import type { ExportedMessage, ExportedRoom } from "./export.ts";
import { HistoryError } from "./faults.ts";
import { indexAll } from "./indexer.ts";
import { transact } from "./migrations.ts";
import { belongsTo } from "./network.ts";
import { EXPORTED_COLUMNS, fromExported, isText, wrongField } from "./messages.ts";
import { Merge, WordIndex } from "./word_index.ts";

/** Most characters of a topic that is imported. */
const LONGEST_TOPIC = 200;
/** Messages that are imported between two steps that merge the index of words. */
const MERGE_AFTER = 100;

/** The result of an import. */
export interface Imported {
  readonly imported: number;
  /** Messages that were already there. */
  readonly present: number;
}

/**
 * Imports messages after those that are there: all of them or, if one is wrong, none. Duplicates of messages
 * that are there are left out. Throws a `HistoryError` that says what is wrong.
 */
export function importMessages(
  db: DatabaseSync,
  items: Iterable<unknown>,
  report: (count: number) => void = () => undefined,
): Imported {
  const network = belongsTo(db)?.network;
  if (network !== undefined) {
    throw new HistoryError(
      `the file belongs to the network ${network}, whose messages have numbers already: import into ` +
        "a file of its own, from which a network can then be founded",
    );
  }
  indexAll(db);
  const insert = db.prepare(
    `INSERT INTO messages (id, at, room, ${EXPORTED_COLUMNS.join(", ")})
      VALUES (?, ?, ?${", ?".repeat(EXPORTED_COLUMNS.length)})`,
  );
  // Parameters: the time, the room, the exported columns, and one or two more.
  const count = EXPORTED_COLUMNS.length;
  const isSame = EXPORTED_COLUMNS.map((column, i) => `${column} IS ?${i + 3}`).join(" AND ");
  const [more, key] = [`?${count + 3}`, `?${count + 4}`];
  // Few messages have the same time; the room, which SQLite might use first, may have half of all. And a
  // message in a locked room is the same in any locked room of that name.
  const same = db.prepare(`SELECT id FROM messages INDEXED BY messages_at
    WHERE at = ?1 AND ${isSame} AND id <= ${more} AND (room = ?2 OR room IN
      (SELECT id FROM rooms WHERE key = ${key} AND (locked = 1 OR gone = 1))) ORDER BY room <> ?2, id`);
  const said = db.prepare(`SELECT 1 FROM messages
    WHERE at = ?1 AND room = ?2 AND ${isSame} AND id = ${more}`);
  const index = new WordIndex(db), merge = new Merge(db);
  return transact(db, () => {
    const before = Number(db.prepare("SELECT message FROM highest").get()?.message ?? 0);
    const rooms = new RoomsTaken(db);
    /** Messages that were already there and were matched: each counts for one. */
    const met = new Set<number>();
    /** The new numbers of imported messages by their old ones: exports may overlap. */
    const taken = new Map<number, number>();
    let last = before, imported = 0, present = 0;
    for (const item of items) {
      const { kind } = Object(item) as { kind?: unknown };
      if (kind === "gap") continue;
      if (kind === "room") {
        rooms.announce(checkRoom(item));
        continue;
      }
      const message = check(item);
      const columns = [
        Date.parse(message.at),
        rooms.idOf(message),
        ...fromExported(message),
      ] as const;
      const key = message.roomId === undefined ? null : nameKey(message.room);
      const hasNumber = typeof message.id === "number";
      const twin = hasNumber ? taken.get(message.id) : undefined;
      const there = twin !== undefined && said.get(...columns, twin) !== undefined
        ? twin
        : same.all(...columns, before, key).map(({ id }) => Number(id)).find((id) => !met.has(id));
      if (there !== undefined) {
        present++;
        met.add(there);
      } else {
        insert.run(++last, ...columns);
        index.add(last, message.text);
        if (++imported % MERGE_AFTER === 0) merge.step();
      }
      if (hasNumber) taken.set(message.id, there ?? last);
      report(imported + present);
    }
    db.prepare("UPDATE highest SET message = ?").run(last);
    return { imported, present };
  });
}

/** Checks a message as export wrote it. */
function check(item: unknown): ExportedMessage {
  const { at, room, roomId } = Object(item) as Partial<Record<string, unknown>>;
  const wrong = wrongField(Object(item)) ??
    (typeof at !== "string" || Number.isNaN(Date.parse(at))
      ? "at"
      : !isRoomName(room)
      ? "room"
      : roomId !== undefined && !Number.isSafeInteger(roomId)
      ? "roomId"
      : undefined);
  if (wrong === undefined) return item as ExportedMessage;
  throw new HistoryError(`this is no message that export wrote: look at its "${wrong}"`);
}

/** Checks a room as export wrote it. */
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

/** The rooms of an import. */
class RoomsTaken {
  readonly #db: DatabaseSync;
  /** Rooms that are open, by the keys of their names. */
  readonly #open = new Map<string, number>([[nameKey(LOBBY.name), LOBBY.id]]);
  /** The other rooms, by the numbers that they had where they were exported. */
  readonly #closed = new Map<number, number>();

  constructor(db: DatabaseSync) {
    this.#db = db;
  }

  /** A room whose messages from here on are not open to all. */
  announce(room: ExportedRoom): void {
    const { roomId, state } = room;
    this.#closed.set(roomId, state === "locked" ? this.#locked(room) : this.#gone(room));
  }

  /** The number here of a message's room. Throws a `HistoryError` for a room that was not announced. */
  idOf({ room, roomId }: Pick<ExportedMessage, "room" | "roomId">): number {
    if (roomId !== undefined) {
      const id = this.#closed.get(roomId);
      if (id !== undefined) return id;
      throw new HistoryError(`no line before this one tells of its room: look at its "roomId"`);
    }
    const key = nameKey(room);
    const id = this.#open.get(key) ?? this.#find(key)?.id ?? this.#make(room, {});
    this.#open.set(key, id);
    return id;
  }

  /** The same person's locked room of that name, if there is one; else a new one, or one that is gone. */
  #locked(room: ExportedRoom): number {
    const { owner: name, topic } = room;
    const key = nameKey(room.room);
    const owner = name === undefined
      ? null
      : this.#db.prepare("SELECT id FROM accounts WHERE key = ?").get(nameKey(name))?.id ?? null;
    const found = this.#find(key);
    if (found === undefined && key !== nameKey(LOBBY.name)) {
      // Without a topic it would be gone at the next start.
      if (topic !== undefined) {
        return this.#make(room.room, { topic, owner: Number(owner) || null });
      }
    } else if (found?.isLocked && (found.owner === owner || !found.letsSomebodyIn)) {
      return found.id;
    }
    return this.#gone(room);
  }

  /** A room that nobody can enter; one serves for all of its name. */
  #gone({ room }: ExportedRoom): number {
    const { id } =
      this.#db.prepare("SELECT id FROM rooms WHERE key = ? AND gone = 1 ORDER BY id LIMIT 1")
        .get(nameKey(room)) ?? {};
    return id === undefined ? this.#make(room, { isGone: true }) : Number(id);
  }

  #find(key: string) {
    const row = this.#db.prepare(
      "SELECT * FROM rooms WHERE key = ? AND gone = 0 ORDER BY id DESC LIMIT 1",
    ).get(key);
    return row && {
      id: Number(row.id),
      isLocked: row.locked === 1,
      owner: row.owner,
      letsSomebodyIn: row.owner !== null || row.invited !== "[]",
    };
  }

  #make(
    name: string,
    { topic, owner = null, isGone = false }: {
      topic?: string;
      owner?: number | null;
      isGone?: boolean;
    },
  ): number {
    const isLocked = topic !== undefined || isGone;
    const row = this.#db.prepare(`INSERT INTO rooms (key, name, topic, owner, locked, gone)
      VALUES (?, ?, ?, ?, ?, ?) RETURNING id`)
      .get(nameKey(name), name, topic ?? "", owner, Number(isLocked), Number(isGone));
    return Number(row!.id);
  }
}
