// The history that outlives the server: one SQLite file. Recent messages are also in memory, and so is, for a
// while, what a failing disk does not take.

import type { DatabaseSync } from "node:sqlite";
import type { Message } from "../chat/message.ts";
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
import { type KeptFile, openForServer } from "./file.ts";
import { Changes } from "./changes.ts";
import { Earlier } from "./earlier.ts";
import { Forgetting } from "./forgetting.ts";
import { createIndexStep, indexAll, Indexer } from "./indexer.ts";
import { belongsTo, type Followed, type Membership, type NodeHistory, Place } from "./network.ts";
import { Reads } from "./reads.ts";
import { Recent } from "./recent.ts";
import { RecordWriter } from "./records.ts";
import type { KeptSnapshot } from "./snapshots.ts";
import { type Keeping, Upkeep } from "./upkeep.ts";
import { WriteBehind } from "./write_behind.ts";

/** Options of the history. */
export interface SqliteOptions extends Keeping {
  /** Whether the server is a node of a network; by default it is on its own. */
  readonly isNode?: boolean;
  readonly metrics: Metrics;
}

/** Milliseconds to wait for another program that writes; the room waits meanwhile. */
const PATIENCE = 100;
/** Most of the last messages that the chat takes over at the start. */
const LAST_SAID = 5000;
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
  readonly #writes: WriteBehind;
  readonly #place: Place;
  readonly #forgetting: Forgetting;
  readonly #earlier: Earlier;
  readonly #upkeep: Upkeep;
  /** Empty rooms: in memory until all of their messages are in the file. */
  readonly #empty = new Set<number>();
  readonly #changes: Changes;
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
    if (network === undefined) this.#empties();
    // At the start a fault is reported to the user who starts the server.
    reads.saved();
    reads.lastOfRoom(LOBBY.id);
    indexAll(db, AT_START);
    const recent = this.#recent = new Recent((room) =>
      disk.read(() => reads.lastOfRoom(room), undefined)
    );
    // A server that was killed may have left many messages there.
    for (const message of reads.journal()) {
      if (message.edited || message.deleted) recent.replace(message);
      recent.add(message);
    }
    const indexStep = createIndexStep(db);
    const indexer = this.#indexer = new Indexer({
      step: () => disk.read<number | undefined>(indexStep, undefined),
      behind: reads.unindexed(),
      onEmpty: () => this.#haveAllStored(),
    });
    const writer = new RecordWriter(db);
    this.#place = new Place({ db, path, disk, reads, writer });
    const writes = this.#writes = new WriteBehind({
      ...{ writer, disk, metrics },
      onWritten: (count) => indexer.added(count),
    });
    const forgetting = this.#forgetting = new Forgetting({
      ...{ db, reads, disk, indexer },
      isWritten: () => writes.isDone,
      onGone: (whom, upTo) => this.#gone(whom, upTo),
    });
    this.#earlier = new Earlier({
      ...{ db, reads, disk, recent, indexer, writes, forgetting },
      isOver: () => this.#isClosed,
    });
    this.#upkeep = new Upkeep({ ...options, db, disk, recent, file });
    db.exec(`PRAGMA busy_timeout = ${PATIENCE}`);
    indexer.start();
    forgetting.start();
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
    return this.#upkeep.lowSpace;
  }

  /** Why the last `recall` may lack something. */
  get recallTrouble(): string | undefined {
    return this.#earlier.trouble;
  }

  /** What is kept, at the start. */
  load(): Saved {
    this.#recent.room(LOBBY.id);
    const reads = this.#reads, disk = this.#disk, saved = reads.saved();
    this.#recent.hasPrivatesBehind(saved.lastMessage);
    const waiting = disk.read(() => reads.waiting(), []);
    const shown = new Set(this.#forgetting.shown(waiting.map(({ message }) => message)));
    return {
      ...saved,
      said: this.#forgetting.shown(reads.lastSaid(LAST_SAID)),
      visits: disk.read(() => reads.visits(), []),
      waiting: waiting.filter(({ message }) => shown.has(message)),
    };
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
    explained(this.#path, () => {
      const last = this.#reads.lastMessage();
      this.#place.startAt(snapshot);
      // The other words since then are a gap.
      for (const { message } of snapshot.chat.waiting) {
        if (message.id > last) this.#recent.add(message);
      }
    });
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
    this.#disk.read(() => this.#upkeep.shorten(), undefined);
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
      else if (record.kind === "mended") this.#recent.replace(record.message);
      else if (record.kind === "room") this.#empty.delete(record.room.id);
      else if (record.kind === "room empty") this.#empty.add(record.id);
      else if (record.kind === "room gone") this.#recent.drop(record.id);
      else if (record.kind === "forgotten") this.#forget(record.whom, record.upTo);
    }
  }

  /** Messages, oldest first. */
  recall(wanted: Recall): Message[] {
    return this.#earlier.recall(wanted);
  }

  /** How many messages follow this one in a room. */
  countAfter(id: number, of: { room: number; most: number }): number {
    return this.#earlier.countAfter(id, of);
  }

  /** Messages with all the words, newest first. */
  search(search: Search): Promise<Found> {
    return this.#earlier.search(search);
  }

  /** Does what is due every few seconds: writes what waits, indexes, deletes what is too old or unused. */
  tick(): void {
    this.#disk.look();
    this.#writes.retry();
    this.#indexer.start();
    this.#forgetting.start();
    this.#upkeep.tick({ isIdle: this.#writes.isDone && this.#indexer.behind === 0 });
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
    this.#upkeep.shorten();
  }

  /** The file has everything now, unless something waits for the disk: memory need not have it. */
  #haveAllStored(): void {
    if (!this.#writes.isDone) return;
    this.#recent.areStored();
    for (const room of this.#empty) this.#recent.drop(room);
    this.#empty.clear();
  }
}
