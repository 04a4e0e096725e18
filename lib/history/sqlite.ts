// The history that outlives the server: all in one SQLite file. What was said lately is in memory too,
// and so is, for a while, what a failing disk does not take.

import type { DatabaseSync } from "node:sqlite";
import type { Message } from "../chat/event.ts";
import type {
  AccountId,
  History,
  Recall,
  Record,
  Saved,
  SavedRoom,
  Search,
} from "../chat/history.ts";
import { LOBBY } from "../chat/room.ts";
import type { Metrics } from "../metrics.ts";
import { Changes } from "./changes.ts";
import { createDigest } from "./digest.ts";
import { Digester } from "./digester.ts";
import { Disk } from "./disk.ts";
import { lockFile } from "./lock.ts";
import { Older } from "./older.ts";
import { Pruner } from "./prune.ts";
import { Reads } from "./reads.ts";
import { Recent } from "./recent.ts";
import { RecordWriter } from "./records.ts";
import { openFile } from "./schema.ts";
import { searchFile } from "./search.ts";
import { createPause } from "./turn.ts";
import { WriteBehind } from "./write_behind.ts";

/** What a history is given. */
export interface SqliteOptions {
  /** Days until a message is deleted; 0: it is kept for good. */
  readonly keepDays: number;
  /** Epoch milliseconds. */
  readonly now: () => number;
  readonly metrics: Metrics;
}

const DAY = 86_400_000;
/** Milliseconds to wait for another program that writes: the room waits meanwhile. */
const PATIENCE = 100;
/** Milliseconds to digest what an earlier server left, at the start; and what is left, at the end. */
const AT_START = 30, AT_END = 1000;
/** A search waits until so many messages are digested, so that it finds what was just said. */
const DIGESTED_FIRST = 1000;

/** A history in a file. */
export class SqliteHistory implements History {
  readonly lasts = true;
  readonly #db: DatabaseSync;
  readonly #lock: Disposable | undefined;
  readonly #options: SqliteOptions;
  readonly #disk: Disk;
  readonly #reads: Reads;
  readonly #recent: Recent;
  readonly #digester: Digester;
  readonly #older: Older;
  readonly #pruner: Pruner;
  readonly #writes: WriteBehind;
  /** Rooms that nobody is in: they are in memory until the file has all that was said there. */
  readonly #empty = new Set<number>();
  readonly #changes: Changes;
  #isClosed = false;

  /** Opens a file, a new one if need be, for the one server that keeps it. Throws a `HistoryError`. */
  static open(path: string, options: SqliteOptions): SqliteHistory {
    const lock = lockFile(path);
    let db: DatabaseSync | undefined;
    try {
      db = openFile(path);
      return new SqliteHistory(db, options, lock);
    } catch (error) {
      db?.close();
      lock[Symbol.dispose]();
      throw error;
    }
  }

  /** A history in an open database; `lock` is disposed of at the end. */
  constructor(db: DatabaseSync, options: SqliteOptions, lock?: Disposable) {
    this.#db = db;
    this.#options = options;
    this.#lock = lock;
    db.exec(`PRAGMA busy_timeout = ${PATIENCE}`);
    const disk = this.#disk = new Disk(options.metrics);
    const reads = this.#reads = new Reads(db);
    this.#changes = new Changes(reads);
    this.#recent = new Recent((room) => disk.read(() => reads.lastOfRoom(room), undefined));
    const digest = createDigest(db);
    this.#digester = new Digester({
      step: () => disk.read<number | undefined>(digest, undefined),
      behind: reads.undigested(),
      onEmpty: () => this.#dropEmpty(),
    });
    this.#older = new Older({ reads, disk, digester: this.#digester });
    this.#pruner = new Pruner(db);
    this.#writes = new WriteBehind({
      writer: new RecordWriter(db),
      disk,
      metrics: options.metrics,
      onWritten: (count) => this.#digester.added(count),
    });
    // Locked rooms that nothing keeps went with the last server, however it ended.
    disk.write(() => db.exec("UPDATE rooms SET gone = 1 WHERE locked = 1 AND topic = ''"));
    this.#digester.finish(AT_START);
    // What a server that was killed has left there, if it is that much.
    for (const message of reads.journal()) this.#recent.add(message);
  }

  /** Why records cannot be kept just now. */
  get trouble(): string | undefined {
    return this.#disk.trouble;
  }

  /** What is known at the start. */
  load(): Saved {
    this.#recent.room(LOBBY.id);
    const saved = this.#changes.saved();
    this.#recent.hasPrivatesBehind(saved.lastMessage);
    return saved;
  }

  /** What is known now, if another program has changed the file. */
  changed(): Saved | undefined {
    return this.#disk.read(() => {
      const change = this.#changes.look();
      for (const whom of change?.saved.forgotten ?? []) {
        this.#recent.forget(whom);
        this.#writes.forget(whom);
      }
      // What waits here is newer than the file.
      if (change === undefined || !this.#writes.isDone) return undefined;
      change.take();
      return change.saved;
    }, undefined);
  }

  /** Keeps records, in the file and in memory. */
  commit(records: readonly Record[]): void {
    if (records.length === 0) return;
    this.#writes.write(records);
    for (const record of records) {
      if (record.kind === "said") this.#recent.add(record.message);
      else if (record.kind === "room") this.#empty.delete(record.room.id);
      else if (record.kind === "room empty") this.#empty.add(record.id);
      else if (record.kind === "room gone") this.#recent.drop(record.id);
    }
  }

  /** A room that was there before, by its key. */
  room(key: string): SavedRoom | undefined {
    const found = this.#writes.room(key, this.#disk.read(() => this.#reads.room(key), undefined));
    if (found !== undefined) this.#recent.room(found.id);
    return found;
  }

  /** Messages, oldest first. */
  recall(wanted: Recall): Message[] {
    return this.#recent.recall(wanted, this.#older);
  }

  /** How many messages stand behind the last one that the account saw in the room. */
  missed(account: AccountId, room: number, most: number): number {
    const id = this.#disk.read(() => this.#reads.seen(account, room), undefined);
    if (id === undefined) return 0;
    const ring = this.#recent.room(room);
    const inRing = ring.countBehind(id);
    if (inRing < ring.size || inRing >= most) return Math.min(inRing, most);
    const inFile = this.#disk.read(() => this.#reads.countBehind(id, { room, most }), 0);
    return Math.max(inRing, inFile);
  }

  /** Messages with all the words, newest first. */
  async search(search: Search): Promise<Message[]> {
    const pause = createPause();
    if (this.#digester.behind <= DIGESTED_FIRST) {
      while (!this.#isClosed && this.#digester.step()) await pause();
    }
    if (this.#isClosed) return [];
    try {
      return await searchFile(this.#db, { search, isOver: () => this.#isClosed, pause });
    } catch (error) {
      this.#disk.failedToRead(error);
      return [];
    }
  }

  /** What is due every few seconds: writes what waits, digests, deletes what is too old. */
  retry(): void {
    this.#writes.retry();
    this.#digester.start();
    const { keepDays, now } = this.#options;
    if (keepDays === 0) return;
    const before = now() - keepDays * DAY;
    this.#recent.dropBefore(before);
    this.#disk.read(() => this.#pruner.prune(before), undefined);
  }

  /** Writes what waits, and closes the file. */
  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#writes.close();
    this.#digester.finish(AT_END);
    this.#digester.stop();
    this.#db.close();
    this.#lock?.[Symbol.dispose]();
  }

  #dropEmpty(): void {
    if (!this.#writes.isDone) return;
    for (const room of this.#empty) this.#recent.drop(room);
    this.#empty.clear();
  }
}
