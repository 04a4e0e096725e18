// The history that outlives the server: all in one SQLite file. What was said lately is in memory too,
// and so is, for a while, what a failing disk does not take.

import type { DatabaseSync } from "node:sqlite";
import type { AccountId, Message } from "../chat/message.ts";
import type { Found, History, Recall, Record, Saved, SavedRoom, Search } from "../chat/history.ts";
import { LOBBY } from "../chat/room.ts";
import { log } from "../log.ts";
import type { Metrics } from "../metrics.ts";
import { isOpenToOthers } from "../private_file.ts";
import { Changes } from "./changes.ts";
import { createIndexStep } from "./index_journal.ts";
import { Indexer } from "./indexer.ts";
import { Disk } from "./disk.ts";
import { isFault } from "./faults.ts";
import { lockFile } from "./lock.ts";
import { Older } from "./older.ts";
import { Pruner } from "./prune.ts";
import { Reads } from "./reads.ts";
import { Recent } from "./recent.ts";
import { RecordWriter } from "./records.ts";
import { RoomSweep } from "./room_sweep.ts";
import { explain, HistoryError, openFile } from "./schema.ts";
import { searchFile } from "./search.ts";
import { searchRecent } from "./search_recent.ts";
import { createPause } from "./turn.ts";
import { shortenWal } from "./wal.ts";
import { type Watch, watchFile } from "./watch.ts";
import { WriteBehind } from "./write_behind.ts";

/** What a history is given. */
export interface SqliteOptions {
  /** Days until a message is deleted; 0: it is kept for good. */
  readonly keepDays: number;
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** Whether that is sure enough to delete by; it is unless this says no. */
  readonly isSure?: () => boolean;
  readonly metrics: Metrics;
}

/** The file behind an open database. */
interface File extends Disposable {
  /** Where it is, without symbolic links. */
  readonly path: string;
  readonly watch: Watch;
}

const DAY = 86_400_000;
/** Milliseconds to wait for another program that writes: the room waits meanwhile. */
const PATIENCE = 100;
/** Milliseconds to indexStep what an earlier server left, at the start; and what is left, at the end. */
const AT_START = 30, AT_END = 1000;
/** A search waits until so many messages are indexed, so that it finds what was just said. */
const INDEXED_FIRST = 1000;

/** A history in a file. */
export class SqliteHistory implements History {
  readonly lasts = true;
  readonly #db: DatabaseSync;
  readonly #file: File | undefined;
  readonly #options: SqliteOptions;
  readonly #disk: Disk;
  readonly #reads: Reads;
  readonly #recent: Recent;
  readonly #indexer: Indexer;
  readonly #older: Older;
  readonly #pruner: Pruner;
  readonly #sweep: RoomSweep;
  readonly #writes: WriteBehind;
  /** Rooms that nobody is in: they are in memory until the file has all that was said there. */
  readonly #empty = new Set<number>();
  readonly #changes: Changes;
  #recallTrouble: string | undefined;
  #hasBegun = false;
  #isClosed = false;

  /**
   * Opens a file, a new one if need be, for the one server that keeps it, and reads what it knows. Throws a
   * `HistoryError` for whatever is wrong with it.
   */
  static open(path: string, options: SqliteOptions): SqliteHistory {
    const lock = lockFile(path);
    let db: DatabaseSync | undefined;
    try {
      const real = lock.path;
      db = openFile(real);
      if (isOpenToOthers(path)) {
        log.warn("others on this machine may read {path}: chmod 600 keeps it to you", { path });
      }
      const watch = watchFile(path);
      return new SqliteHistory(db, options, {
        ...{ path: real, watch },
        [Symbol.dispose]: () => lock[Symbol.dispose](),
      });
    } catch (error) {
      db?.close();
      lock[Symbol.dispose]();
      if (!isFault(error)) throw error;
      throw new HistoryError(explain(path, error), { cause: error });
    }
  }

  /** A history in an open database; `file` is disposed of at the end. Throws for a disk's fault. */
  constructor(db: DatabaseSync, options: SqliteOptions, file?: File) {
    this.#db = db;
    this.#options = options;
    this.#file = file;
    const { metrics } = options;
    const disk = this.#disk = new Disk({ metrics, away: file?.watch });
    const reads = this.#reads = new Reads(db);
    this.#changes = new Changes(reads);
    this.#recent = new Recent((room) => disk.read(() => reads.lastOfRoom(room), undefined));
    const indexStep = createIndexStep(db);
    this.#indexer = new Indexer({
      // At the start a fault is for whoever starts the server.
      step: () =>
        this.#hasBegun ? disk.read<number | undefined>(indexStep, undefined) : indexStep(),
      behind: reads.unindexed(),
      onEmpty: () => this.#dropEmpty(),
    });
    this.#older = new Older({ reads, disk, indexer: this.#indexer });
    this.#pruner = new Pruner(db);
    this.#sweep = new RoomSweep(db);
    this.#writes = new WriteBehind({
      writer: new RecordWriter(db),
      disk,
      metrics,
      onWritten: (count) => this.#indexer.added(count),
    });
    try {
      this.#begin();
      this.#hasBegun = true;
    } catch (error) {
      this.#indexer.stop();
      throw error;
    }
    db.exec(`PRAGMA busy_timeout = ${PATIENCE}`);
  }

  /** What can be wrong with the file is to be known before anybody is let in. */
  #begin(): void {
    // Locked rooms that nothing keeps went with the last server, however it ended; and nobody is in any.
    this.#db.exec("UPDATE rooms SET gone = 1 WHERE locked = 1 AND topic = '' AND gone = 0");
    this.#db.prepare("UPDATE rooms SET empty_since = ? WHERE empty_since IS NULL AND id <> ?")
      .run(this.#options.now(), LOBBY.id);
    this.#changes.saved();
    this.#reads.lastOfRoom(LOBBY.id);
    this.#indexer.finish(AT_START);
    // What a server that was killed has left there, if it is that much.
    for (const message of this.#reads.journal()) this.#recent.add(message);
  }

  /** Why records cannot be kept just now. */
  get trouble(): string | undefined {
    return this.#disk.trouble;
  }

  /** Why something could not be read a moment ago. */
  get readTrouble(): string | undefined {
    return this.#disk.readTrouble;
  }

  /** Why the last `recall` may lack something. */
  get recallTrouble(): string | undefined {
    return this.#recallTrouble;
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
    const before = this.#disk.failedReads;
    const { room } = wanted;
    // One that is gone, though the file does not know it yet.
    const isGone = room !== undefined && this.#writes.roomChange(room) === "gone";
    const there = isGone ? { ...wanted, room: undefined } : wanted;
    const messages = this.#recent.recall(there, this.#older);
    this.#recallTrouble = this.#disk.failedReads > before ? this.#disk.readTrouble : undefined;
    return messages;
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
  async search(search: Search): Promise<Found> {
    const pause = createPause();
    if (this.#indexer.behind <= INDEXED_FIRST) {
      while (!this.#isClosed && this.#indexer.step()) await pause();
    }
    if (this.#isClosed) return { messages: [] };
    try {
      const messages = await searchFile(this.#db, {
        ...{ search, pause },
        readable: (room) => this.#readable(room, search),
        isOver: () => this.#isClosed,
      });
      const isAll = this.#indexer.behind === 0 && this.#writes.isDone;
      return { messages: isAll ? messages : await this.#withRecent(messages, search) };
    } catch (error) {
      const trouble = this.#disk.failedToRead(error);
      return { messages: await this.#withRecent([], search), trouble };
    }
  }

  /** What is due every few seconds: writes what waits, indexes, deletes what is too old or unused. */
  retry(): void {
    this.#disk.look();
    this.#writes.retry();
    this.#indexer.start();
    const { keepDays, now, isSure = () => true } = this.#options;
    if (this.#writes.isDone && this.#indexer.behind === 0) {
      this.#disk.read(() => this.#sweep.step(), undefined);
    }
    const { path } = this.#file ?? {};
    if (path !== undefined) this.#disk.read(() => shortenWal(this.#db, path), undefined);
    if (keepDays === 0 || !isSure()) return;
    const before = now() - keepDays * DAY;
    this.#recent.dropBefore(before);
    this.#disk.read(() => this.#pruner.prune(before), undefined);
  }

  /** Writes what waits, and closes the file. */
  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#writes.close();
    this.#indexer.finish(AT_END);
    this.#indexer.stop();
    this.#db.close();
    this.#file?.[Symbol.dispose]();
  }

  /** What was found in the file, and what is not there yet. */
  async #withRecent(found: readonly Message[], search: Search): Promise<Message[]> {
    const rooms = (room: number) =>
      this.#disk.read(() => this.#readable(room, search), undefined) !== undefined;
    const recent = await searchRecent(this.#recent, { ...search, rooms });
    const byId = new Map([...recent, ...found].map((message) => [message.id, message]));
    return [...byId.values()].sort((a, b) => b.id - a.id).slice(0, search.count);
  }

  /** The name of a room, if whoever searches may read it. */
  #readable(room: number, { rooms }: Search): string | undefined {
    const may = rooms(room), change = this.#writes.roomChange(room);
    if (may === false || change === "gone") return undefined;
    const { name = `${room}`, isGone, isLocked } = change === undefined
      ? this.#reads.roomState(room) ?? { isGone: may === undefined, isLocked: false }
      : { ...change, isGone: false };
    // Of a room where nobody is, all may read what was said, unless it is locked.
    return isGone || may === undefined && isLocked ? undefined : name;
  }

  #dropEmpty(): void {
    if (!this.#writes.isDone) return;
    for (const room of this.#empty) this.#recent.drop(room);
    this.#empty.clear();
  }
}
