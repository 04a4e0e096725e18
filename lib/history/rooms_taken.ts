// Where an import puts what was said: into the room of that name if all may read it, and behind a lock
// what was said behind one.

import type { DatabaseSync } from "node:sqlite";
import { nameKey } from "../chat/names.ts";
import { LOBBY } from "../chat/room.ts";
import { HistoryError } from "./schema.ts";

/** A room that is not open to all, before the first message that was said there. */
export interface ExportedRoom {
  readonly kind: "room";
  readonly roomId: number;
  readonly room: string;
  /** Nobody may enter a room that is gone: one of its name is another. */
  readonly state: "locked" | "gone";
  readonly topic?: string;
  /** The name of whoever decides who enters. */
  readonly owner?: string;
}

/** The rooms of an import. */
export class RoomsTaken {
  readonly #db: DatabaseSync;
  /** Rooms that are open, by the keys of their names. */
  readonly #open = new Map<string, number>([[nameKey(LOBBY.name), LOBBY.id]]);
  /** The others, by the numbers that they had where they were exported. */
  readonly #closed = new Map<number, number>();

  constructor(db: DatabaseSync) {
    this.#db = db;
  }

  /** What was said there, from here on, is not for all. */
  announce(room: ExportedRoom): void {
    const { roomId, state } = room;
    this.#closed.set(roomId, state === "locked" ? this.#locked(room) : this.#gone(room));
  }

  /** The number here of the room where a message was said. Throws a `HistoryError` for one not announced. */
  idOf({ room, roomId }: { readonly room: string; readonly roomId?: number }): number {
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

  /** The room of that name here if it is the same person's and locked too; a new one; or one that is gone. */
  #locked(room: ExportedRoom): number {
    const { owner: name, topic } = room;
    const key = nameKey(room.room);
    const owner = name === undefined
      ? null
      : this.#db.prepare("SELECT id FROM accounts WHERE key = ?").get(nameKey(name))?.id ?? null;
    const found = this.#find(key);
    if (found === undefined && key !== nameKey(LOBBY.name)) {
      // Without a topic it would not outlive the next start, and would be gone.
      if (topic !== undefined) {
        return this.#make(room.room, { topic, owner: Number(owner) || null });
      }
    } else if (found?.isLocked && (found.owner === owner || !found.letsSomebodyIn)) {
      return found.id;
    }
    return this.#gone(room);
  }

  /** A room that nobody can enter: one here will do for all of a name. */
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
