// Forgets rooms that nobody uses: gone, or empty without a topic, and nothing that was said there is
// kept. A few milliseconds' worth at a time, round and round.

import type { DatabaseSync } from "node:sqlite";
import { LOBBY } from "../chat/room.ts";
import { transact } from "./file.ts";

/** Rooms of one look, and milliseconds of all that are done together. */
const SLICE = 500, TIME = 4;

/** Deletes rooms. */
export class RoomSweep {
  readonly #db: DatabaseSync;
  readonly #end;
  readonly #unused;
  readonly #delete;
  readonly #unseen;
  /** Those up to here were looked at. */
  #last = LOBBY.id;

  constructor(db: DatabaseSync) {
    this.#db = db;
    this.#end = db.prepare(
      `SELECT max(id) AS last FROM (SELECT id FROM rooms WHERE id > ? ORDER BY id LIMIT ${SLICE})`,
    );
    this.#unused = db.prepare(`
      SELECT id FROM rooms WHERE id > ? AND id <= ?
        AND (gone = 1 OR topic = '' AND empty_since IS NOT NULL)
        AND NOT EXISTS (SELECT 1 FROM messages WHERE room = rooms.id)`);
    this.#delete = db.prepare("DELETE FROM rooms WHERE id IN (SELECT value FROM json_each(?))");
    this.#unseen = db.prepare("DELETE FROM seen WHERE room IN (SELECT value FROM json_each(?))");
  }

  /** Goes on. All that was said is to be in the table of messages. Throws for a disk's fault. */
  step(): void {
    const end = performance.now() + TIME;
    do {
      const last = this.#end.get(this.#last)?.last;
      if (typeof last !== "number") {
        this.#last = LOBBY.id;
        return;
      }
      const unused = this.#unused.all(this.#last, last).map(({ id }) => Number(id));
      this.#last = last;
      if (unused.length > 0) this.#forget(JSON.stringify(unused));
    } while (performance.now() < end);
  }

  #forget(ids: string): void {
    transact(this.#db, () => {
      this.#delete.run(ids);
      this.#unseen.run(ids);
    });
  }
}
