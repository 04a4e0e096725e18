// A file's place in a network of servers: which network it belongs to, how far it has followed its stream, and
// its own snapshots of the chat, from which its server goes on at the next start.

import type { DatabaseSync } from "node:sqlite";
import type { History } from "../chat/history.ts";
import { LOBBY } from "../chat/room.ts";
import { type Disk, HistoryError } from "./faults.ts";
import { transact } from "./migrations.ts";
import type { Reads } from "./reads.ts";
import type { RecordWriter } from "./records.ts";
import { hasStale, type KeptSnapshot, newest, put, recordsOf } from "./snapshots.ts";

/** Which network a server is a node of. */
export interface Membership {
  readonly network: string;
  /** Grows when the network begins a new stream. */
  readonly epoch: number;
  /** Whether the stream has no state yet: then the file's becomes its first. */
  readonly founds?: boolean;
}

/** Where a history is in a stream. */
export interface Followed {
  /** The last message of the stream whose records it has; 0: none. */
  readonly sequence: number;
  /** The newest of its own snapshots; undefined: start at the network's. */
  readonly snapshot?: KeptSnapshot;
}

/** A history as a node of a network uses it. */
export interface NodeHistory extends History {
  /**
   * Finds the history's place in the network's stream, at the start. Throws a `HistoryError` if it is a file of
   * another network, or of none and has something in it.
   */
  follow(membership: Membership): Followed;
  /**
   * Starts at a snapshot that is not the file's own, or is its state when it founds the network: from now on it
   * belongs to the network, and has the snapshot's accounts, bans and rooms. Throws a `HistoryError`.
   */
  startAt(snapshot: KeptSnapshot): void;
  /** Whether it is time for `keepSnapshot`. */
  readonly wantsSnapshot: boolean;
  /** Keeps a snapshot of the chat, in which all committed batches are. */
  keepSnapshot(snapshot: KeptSnapshot): void;
}

/** Milliseconds until the next snapshot, also if the disk does not take one; and how many are kept. */
const EVERY = 300_000, MOST = 2;

/** Options of the place. */
export interface PlaceOptions {
  readonly db: DatabaseSync;
  /** The path to name to the user. */
  readonly path: string;
  readonly disk: Disk;
  readonly reads: Reads;
  readonly writer: RecordWriter;
}

/** A file's place in a network. */
export class Place {
  readonly #options: PlaceOptions;
  #membership: Membership | undefined;
  /** The last message whose records the file had at the start, and the last one that was folded since. */
  #kept = 0;
  #reached = 0;
  #snapshotDueAt = Infinity;

  constructor(options: PlaceOptions) {
    this.#options = options;
  }

  /** Whether the chat knows all that was in the file at the start. */
  get isCaughtUp(): boolean {
    return this.#reached >= this.#kept;
  }

  /** Whether it is time for a snapshot. */
  get wantsSnapshot(): boolean {
    return this.isCaughtUp && performance.now() >= this.#snapshotDueAt;
  }

  /** Has the next snapshot be made soon: somebody was forgotten, or changes were lost. */
  hurry(): void {
    if (this.#membership !== undefined) this.#snapshotDueAt = 0;
  }

  /** Whether the records of a batch are not in the file yet. */
  isNew(sequence: number): boolean {
    this.#reached = Math.max(this.#reached, sequence);
    return sequence > this.#kept;
  }

  /** Finds the place. Throws a `HistoryError` if the file is not of this network. */
  follow(membership: Membership): Followed {
    const { db, path } = this.#options;
    const file = belongsTo(db);
    const refusal = refusalOf({ file, isEmpty: isEmpty(db) }, membership);
    if (refusal !== undefined) throw new HistoryError(`${path} ${refusal}`);
    this.#membership = membership;
    if (file?.epoch !== membership.epoch) return { sequence: 0 };
    const snapshot = newest(db);
    this.#kept = file.sequence;
    this.#reached = snapshot?.sequence ?? 0;
    this.#snapshotDueAt = hasStale(db) ? 0 : performance.now() + EVERY;
    return { sequence: file.sequence, snapshot };
  }

  /** Begins at a snapshot, and brings the file to its state. Throws if the disk fails. */
  startAt(snapshot: KeptSnapshot): void {
    this.#adopt(snapshot);
    this.#kept = this.#reached = snapshot.sequence;
    this.#snapshotDueAt = performance.now() + EVERY;
  }

  #adopt(snapshot: KeptSnapshot): void {
    const { network, epoch, founds = false } = this.#followed();
    const { sequence, chat } = snapshot;
    const { db, writer, reads } = this.#options;
    transact(db, () => {
      const file = belongsTo(db);
      if (file === undefined) db.exec("UPDATE forgotten SET told = 1");
      const after = reads.lastMessage(), count = chat.lastMessage - after;
      if (file?.epoch === epoch && count > 0) {
        const since = Number(db.prepare("SELECT max(at) AS at FROM messages").get()?.at ?? 0);
        writer.add([], { gap: { after, count, since, until: Math.max(since, snapshot.at) } });
      }
      db.exec(
        "DELETE FROM snapshots; DELETE FROM bans; DELETE FROM visits; DELETE FROM seen_people; " +
          "DELETE FROM waiting",
      );
      // A founder's names and rooms are the network's.
      if (!founds) {
        db.exec(`DELETE FROM accounts; UPDATE rooms SET gone = 1 WHERE id <> ${LOBBY.id}`);
      }
      const known = reads.known(chat.waiting.map(({ message: { id } }) => id));
      writer.add([...recordsOf(chat, (id) => known.has(id))]);
      db.exec("DELETE FROM seen WHERE account NOT IN (SELECT id FROM accounts)");
      db.prepare("UPDATE highest SET message = max(message, ?)").run(chat.lastMessage);
      reserve(db, "accounts", chat.lastAccount);
      reserve(db, "rooms", chat.lastRoom);
      db.prepare("INSERT OR REPLACE INTO network (id, name, epoch, sequence) VALUES (1, ?, ?, ?)")
        .run(network, epoch, sequence);
      put(db, snapshot);
    });
  }

  /**
   * Keeps a snapshot in place of the oldest, and brings a file that lacks changes to its state. All other
   * records up to it must be in the file. Returns whether the disk took it.
   */
  keep(snapshot: KeptSnapshot, { isWhole }: { isWhole: boolean }): boolean {
    const { db, disk } = this.#options;
    this.#followed();
    this.#snapshotDueAt = performance.now() + EVERY;
    if (!isWhole) return disk.write(() => this.#adopt(snapshot));
    return disk.write(() =>
      transact(db, () => {
        put(db, snapshot);
        db.prepare("UPDATE network SET sequence = max(sequence, ?)").run(snapshot.sequence);
        db.exec(`DELETE FROM snapshots WHERE stale = 1
          OR sequence NOT IN (SELECT sequence FROM snapshots ORDER BY sequence DESC LIMIT ${MOST})`);
      })
    );
  }

  #followed(): Membership {
    if (this.#membership === undefined) throw new Error("the history follows no network yet");
    return this.#membership;
  }
}

/** The network that a file belongs to, and the last message of its stream whose records it has. */
interface Belonging {
  readonly network: string;
  readonly epoch: number;
  readonly sequence: number;
}

/** Where a file belongs; undefined: to no network. */
export function belongsTo(db: DatabaseSync): Belonging | undefined {
  const row = db.prepare("SELECT name, epoch, sequence FROM network").get();
  if (row === undefined) return undefined;
  return { network: String(row.name), epoch: Number(row.epoch), sequence: Number(row.sequence) };
}

function isEmpty(db: DatabaseSync): boolean {
  const row = db.prepare(`SELECT
    EXISTS (SELECT 1 FROM messages) OR EXISTS (SELECT 1 FROM journal)
    OR EXISTS (SELECT 1 FROM accounts) OR EXISTS (SELECT 1 FROM bans)
    OR EXISTS (SELECT 1 FROM rooms WHERE id <> ? OR topic <> '') AS used`).get(LOBBY.id);
  return row?.used === 0;
}

/** Gives no number of a table's rows up to this one. */
function reserve(db: DatabaseSync, table: string, last: number): void {
  const { changes } = db.prepare("UPDATE sqlite_sequence SET seq = max(seq, ?) WHERE name = ?")
    .run(last, table);
  if (changes > 0) return;
  db.prepare("INSERT INTO sqlite_sequence (name, seq) VALUES (?, ?)").run(table, last);
}

/** Why a file is not one for this network, and what to do, after its path; undefined: it is one. */
function refusalOf(
  { file, isEmpty }: { file: Belonging | undefined; isEmpty: boolean },
  { network, epoch, founds = false }: Membership,
): string | undefined {
  if (file === undefined) {
    if (founds || isEmpty) return undefined;
    return `has messages or names that the network ${network} does not have: name a new file`;
  }
  if (file.network !== network) {
    return `belongs to the network ${file.network}, and not to ${network}: ` +
      `start with --network ${file.network}, or name another file`;
  }
  if (file.epoch > epoch) {
    return `knows epoch ${file.epoch} of the network ${network}, and NATS has epoch ${epoch}: ` +
      "put back the newer store of NATS, or name another file";
  }
  if (founds && file.epoch === epoch) {
    return `belongs to the network ${network}, of which NATS has nothing: put back the store of NATS, ` +
      "or begin a new epoch with `bobchat network new`";
  }
}
