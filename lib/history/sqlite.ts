// The history that outlives the server: one SQLite file. Recent messages are also in memory, and so is, for a
// while, what a failing disk does not take.

import type { DatabaseSync } from "node:sqlite";
import type { AccountId, Message } from "../chat/message.ts";
import type {
  Changeable,
  Forgotten,
  Found,
  Recall,
  Record,
  Saved,
  Search,
} from "../chat/history.ts";
import { LOBBY } from "../chat/room.ts";
import type { Metrics } from "../metrics.ts";
import { Disk, explained, HistoryError } from "./faults.ts";
import { type KeptFile, openForServer, Wal } from "./file.ts";
import { Changes } from "./changes.ts";
import { Forgetting } from "./forgetting.ts";
import { createIndexStep, Indexer } from "./indexer.ts";
import { belongsTo, type Followed, type Membership, type NodeHistory, Place } from "./network.ts";
import { Pruner, RoomSweep } from "./prune.ts";
import { Older, Reads } from "./reads.ts";
import { Recent } from "./recent.ts";
import { RecordWriter } from "./records.ts";
import { FileSearch } from "./search.ts";
import type { KeptSnapshot } from "./snapshots.ts";
import { freeBytes, Space } from "./space.ts";
import { WriteBehind } from "./write_behind.ts";

/** Options of the history. */
export interface SqliteOptions {
  /** Days until a message is deleted; 0: messages are kept for good. */
  readonly keepDays: number;
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** Whether that time is certain enough to delete by; by default it is. */
  readonly isSure?: () => boolean;
  /** Whether the server is a node of a network; by default it is on its own. */
  readonly isNode?: boolean;
  readonly metrics: Metrics;
}

const DAY = 86_400_000;
/** Milliseconds to wait for another program that writes; the room waits meanwhile. */
const PATIENCE = 100;
/** Milliseconds to index, at the start, what an earlier server left; and, at the end, what is left. */
const AT_START = 30, AT_END = 1000;

/** A history in a file. */
export class SqliteHistory implements NodeHistory {
  readonly lasts = true;
  readonly #db: DatabaseSync;
  readonly #file: KeptFile | undefined;
  /** The path to name to the user. */
  readonly #path: string;
  readonly #options: SqliteOptions;
  readonly #disk: Disk;
  readonly #reads: Reads;
  readonly #recent: Recent;
  readonly #indexer: Indexer;
  readonly #older: Older;
  readonly #pruner: Pruner;
  readonly #sweep: RoomSweep;
  readonly #writes: WriteBehind;
  readonly #place: Place;
  readonly #forgetting: Forgetting;
  readonly #searches: FileSearch;
  readonly #wal: Wal | undefined;
  readonly #space: Space | undefined;
  /** Empty rooms: in memory until all of their messages are in the file. */
  readonly #empty = new Set<number>();
  readonly #changes: Changes;
  #recallTrouble: string | undefined;
  #hasBegun = false;
  #isClosed = false;

  /**
   * Opens a file, or makes it, for the one server that keeps it, and loads it. Throws a `HistoryError` if
   * something is wrong with it.
   */
  static open(path: string, options: SqliteOptions): SqliteHistory {
    const file = openForServer(path);
    try {
      return explained(path, () => new SqliteHistory(file.db, options, file));
    } catch (error) {
      file[Symbol.dispose]();
      throw error;
    }
  }

  /** A history in an open database; disposes of `file` at the end. Throws if the disk fails. */
  constructor(db: DatabaseSync, options: SqliteOptions, file?: KeptFile) {
    this.#db = db;
    this.#options = options;
    this.#file = file;
    const { metrics, isNode = false } = options;
    const path = this.#path = file?.path ?? "the history", network = belongsTo(db)?.network;
    if (!isNode && network !== undefined) {
      throw new HistoryError(
        `${path} belongs to the network ${network}: start with --nats and --network ${network}, ` +
          "or name another file",
      );
    }
    const disk = this.#disk = new Disk({ metrics, away: file?.watch });
    const reads = this.#reads = new Reads(db);
    this.#changes = new Changes(reads);
    this.#recent = new Recent((room) => disk.read(() => reads.lastOfRoom(room), undefined));
    const indexStep = createIndexStep(db);
    this.#indexer = new Indexer({
      // At the start a fault is reported to the user who starts the server.
      step: () =>
        this.#hasBegun ? disk.read<number | undefined>(indexStep, undefined) : indexStep(),
      behind: reads.unindexed(),
      onEmpty: () => this.#dropEmpty(),
    });
    this.#older = new Older({ reads, disk, indexer: this.#indexer });
    this.#pruner = new Pruner(db);
    this.#sweep = new RoomSweep(db);
    const writer = new RecordWriter(db);
    this.#place = new Place({ db, path, disk, reads, writer });
    this.#writes = new WriteBehind({
      writer,
      disk,
      metrics,
      onWritten: (count) => this.#indexer.added(count),
    });
    this.#searches = new FileSearch({
      ...{ db, reads, disk, recent: this.#recent, indexer: this.#indexer, writes: this.#writes },
      isOver: () => this.#isClosed,
    });
    this.#forgetting = new Forgetting({
      ...{ db, reads, disk, indexer: this.#indexer },
      isWritten: () => this.#writes.isDone,
      onGone: (whom, upTo) => this.#gone(whom, upTo),
    });
    try {
      this.#begin();
      this.#hasBegun = true;
    } catch (error) {
      this.#indexer.stop();
      this.#forgetting.stop();
      throw error;
    }
    db.exec(`PRAGMA busy_timeout = ${PATIENCE}`);
    this.#wal = file && new Wal(db, file.path);
    this.#space = file && new Space(() => freeBytes(file.path), file.path);
  }

  /** Finds what may be wrong with the file before anyone joins. */
  #begin(): void {
    if (belongsTo(this.#db) === undefined) this.#empties();
    this.#reads.saved();
    this.#reads.lastOfRoom(LOBBY.id);
    this.#forgetting.load();
    this.#indexer.finish(AT_START);
    // A server that was killed may have left many messages there.
    for (const message of this.#reads.journal()) this.#recent.add(message);
  }

  /** Locked rooms without a topic went with the last server, however it ended; and all rooms are empty. */
  #empties(): void {
    this.#db.exec("UPDATE rooms SET gone = 1 WHERE locked = 1 AND topic = '' AND gone = 0");
    this.#db.prepare("UPDATE rooms SET empty_since = ? WHERE empty_since IS NULL AND id <> ?")
      .run(this.#options.now(), LOBBY.id);
  }

  /** Why records cannot be kept now. */
  get trouble(): string | undefined {
    return this.#disk.trouble;
  }

  /** Why something could not be read just now. */
  get readTrouble(): string | undefined {
    return this.#disk.readTrouble;
  }

  /** How much room its disk has, while that is little. */
  get lowSpace(): string | undefined {
    return this.#space?.low;
  }

  /** Why the last `recall` may lack something. */
  get recallTrouble(): string | undefined {
    return this.#recallTrouble;
  }

  /** What is kept, at the start. */
  load(): Saved {
    this.#recent.room(LOBBY.id);
    const saved = this.#reads.saved();
    this.#recent.hasPrivatesBehind(saved.lastMessage);
    return saved;
  }

  /** What is kept now, if another program has changed the file. */
  changed(): Changeable | undefined {
    return this.#disk.read<Changeable | undefined>(() => {
      const change = this.#changes.look();
      for (const whom of change?.forgotten ?? []) {
        this.#recent.forget(whom);
        this.#writes.forget(whom);
      }
      if (change === undefined || !this.#isChatHere()) return undefined;
      change.take();
      return change.kept;
    }, undefined);
  }

  /** The last epoch of its network that the file knows; 0: it belongs to none. */
  get epoch(): number {
    return explained(this.#path, () => belongsTo(this.#db)?.epoch ?? 0);
  }

  /** Finds the file's place in the network's stream, at the start. */
  follow(membership: Membership): Followed {
    return explained(this.#path, () => {
      const followed = this.#place.follow(membership);
      // A server of the epoch before may have left it.
      if (membership.founds) this.#empties();
      this.#changes.follow();
      this.#recent.room(LOBBY.id);
      this.#recent.hasPrivatesBehind(this.#reads.lastMessage());
      return followed;
    });
  }

  /** Starts at a snapshot that is not the file's own. */
  startAt(snapshot: KeptSnapshot): void {
    explained(this.#path, () => this.#place.startAt(snapshot));
  }

  /** Whether it is time for `keepSnapshot`. */
  get wantsSnapshot(): boolean {
    return this.#place.wantsSnapshot && this.#writes.isDone;
  }

  /** Keeps a snapshot of the chat, if all records up to it are written. */
  keepSnapshot(snapshot: KeptSnapshot): void {
    const { isDone, isWhole } = this.#writes;
    if (!isDone || !this.#place.keep(snapshot, { isWhole })) return;
    this.#writes.madeWhole();
    this.#disk.read(() => this.#wal?.shorten(), undefined);
  }

  /** Keeps records, in the file and in memory. */
  commit(records: readonly Record[], sequence?: number): void {
    if (sequence !== undefined && !this.#place.isNew(sequence)) return;
    if (records.length === 0) return;
    const { isWhole } = this.#writes;
    this.#writes.write(records, sequence);
    if (isWhole && !this.#writes.isWhole) this.#place.hurry();
    for (const record of records) {
      if (record.kind === "said") this.#recent.add(record.message);
      else if (record.kind === "room") this.#empty.delete(record.room.id);
      else if (record.kind === "room empty") this.#empty.add(record.id);
      else if (record.kind === "room gone") this.#recent.drop(record.id);
      else if (record.kind === "forgotten") this.#forget(record.whom, record.upTo);
    }
  }

  /** Messages, oldest first. */
  recall(wanted: Recall): Message[] {
    const before = this.#disk.failedReads;
    const { room } = wanted;
    // The room may be gone though the file does not say so yet.
    const isGone = room !== undefined && this.#writes.roomChange(room) === "gone";
    const there = isGone ? { ...wanted, room: undefined } : wanted;
    const messages = this.#forgetting.shown(this.#recent.recall(there, this.#older));
    this.#recallTrouble = this.#disk.failedReads > before ? this.#disk.readTrouble : undefined;
    return messages;
  }

  /** How many messages follow the last one that the account saw in the room. */
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
    const hidden = this.#forgetting.all;
    const found = await this.#searches.run(search);
    return { ...found, messages: this.#forgetting.shown(found.messages, hidden) };
  }

  /** Does what is due every few seconds: writes what waits, indexes, deletes what is too old or unused. */
  tick(): void {
    this.#disk.look();
    this.#space?.look();
    this.#writes.retry();
    this.#indexer.start();
    this.#forgetting.start();
    const { keepDays, now, isSure = () => true } = this.#options;
    if (this.#writes.isDone && this.#indexer.behind === 0) {
      this.#disk.read(() => this.#sweep.step(), undefined);
    }
    if (this.#disk.trouble === undefined) this.#disk.read(() => this.#wal?.tick(), undefined);
    if (keepDays === 0 || !isSure()) return;
    const before = now() - keepDays * DAY;
    this.#recent.dropBefore(before);
    this.#disk.read(() => this.#pruner.prune(before), undefined);
  }

  /** Writes what waits, and closes the file. */
  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#forgetting.stop();
    this.#writes.close();
    this.#indexer.finish(AT_END);
    this.#indexer.stop();
    if (this.#file === undefined) this.#db.close();
    else this.#file[Symbol.dispose]();
  }

  /** Whether the file has what the chat has, but for what other programs have changed in it. */
  #isChatHere(): boolean {
    const { isDone, isWhole } = this.#writes;
    // At first a node's file is newer than its chat.
    return isDone && this.#place.isCaughtUp && (isWhole || !this.#options.isNode);
  }

  #forget(whom: Forgotten, upTo: number): void {
    this.#recent.forget(whom, upTo);
    this.#writes.forget(whom, upTo);
    this.#forgetting.add(whom, upTo);
    this.#place.hurry();
  }

  /** Messages of somebody are gone from the file; memory may have read some of them meanwhile. */
  #gone(whom: Forgotten, upTo: number): void {
    this.#recent.forget(whom, upTo);
    this.#wal?.shorten();
  }

  #dropEmpty(): void {
    if (!this.#writes.isDone) return;
    for (const room of this.#empty) this.#recent.drop(room);
    this.#empty.clear();
  }
}
