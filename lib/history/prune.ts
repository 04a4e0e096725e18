// Deletes messages that are too old and rooms that nobody uses, a few milliseconds at a time.

import type { DatabaseSync } from "node:sqlite";
import { LOBBY } from "../chat/room.ts";
import { transact } from "./migrations.ts";
import { Merge, WordIndex } from "./word_index.ts";

/** Messages of one transaction, and milliseconds to spend at a time. */
const SLICE = 50, TIME = 4;
/** Milliseconds after which deleted messages are gone from the index of words too. */
const DAY = 86_400_000;

/** Deletes messages from before a time. */
export class Pruner {
  readonly #db: DatabaseSync;
  readonly #oldest;
  readonly #messages;
  readonly #gaps;
  readonly #index: WordIndex;
  readonly #merge: Merge;
  /** Whether messages were deleted since the index last became one piece, or began to. */
  #hasDeleted = false;
  #mergedAt = -Infinity;
  #isMerging = false;

  constructor(db: DatabaseSync) {
    this.#db = db;
    this.#oldest = db.prepare(`SELECT id FROM messages WHERE at < ? ORDER BY at LIMIT ${SLICE}`);
    this.#messages = db.prepare(
      "DELETE FROM messages WHERE id IN (SELECT value FROM json_each(?))",
    );
    this.#gaps = db.prepare("DELETE FROM gaps WHERE until < ?");
    this.#index = new WordIndex(db);
    this.#merge = new Merge(db);
  }

  /** Deletes some of the messages from before a time (epoch ms). Throws if the disk fails. */
  prune(before: number): void {
    const end = performance.now() + TIME;
    let deleted = 0, all = 0;
    do {
      deleted = this.#delete(before);
      all += deleted;
      if (deleted > 0) this.#merge.step();
    } while (deleted === SLICE && performance.now() < end);
    this.#gaps.run(before);
    this.#hasDeleted ||= all > 0;
    if (deleted < SLICE) this.#mergeToOne(before);
  }

  #delete(before: number): number {
    // Usually there is nothing to do; then no lock is taken.
    if (this.#oldest.get(before) === undefined) return 0;
    return transact(this.#db, () => {
      const ids = this.#oldest.all(before).map(({ id }) => Number(id));
      this.#messages.run(JSON.stringify(ids));
      this.#index.remove(ids);
      return ids.length;
    });
  }

  #mergeToOne(time: number): void {
    if (this.#isMerging) {
      this.#isMerging = this.#merge.step();
    } else if (this.#hasDeleted && time - this.#mergedAt >= DAY) {
      this.#hasDeleted = false;
      this.#mergedAt = time;
      this.#isMerging = this.#merge.stepToOne();
    }
  }
}

/** Rooms to check at a time. */
const ROOMS = 500;

/** Deletes rooms that are gone, or empty without a topic, once they have no messages; round and round. */
export class RoomSweep {
  readonly #db: DatabaseSync;
  readonly #end;
  readonly #unused;
  readonly #delete;
  readonly #unseen;
  /** The last room that was checked. */
  #last = LOBBY.id;

  constructor(db: DatabaseSync) {
    this.#db = db;
    this.#end = db.prepare(
      `SELECT max(id) AS last FROM (SELECT id FROM rooms WHERE id > ? ORDER BY id LIMIT ${ROOMS})`,
    );
    this.#unused = db.prepare(`
      SELECT id FROM rooms WHERE id > ? AND id <= ?
        AND (gone = 1 OR topic = '' AND empty_since IS NOT NULL)
        AND NOT EXISTS (SELECT 1 FROM messages WHERE room = rooms.id)`);
    this.#delete = db.prepare("DELETE FROM rooms WHERE id IN (SELECT value FROM json_each(?))");
    this.#unseen = db.prepare("DELETE FROM seen WHERE room IN (SELECT value FROM json_each(?))");
  }

  /** Checks the next rooms. All messages must be in the messages table. Throws if the disk fails. */
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
