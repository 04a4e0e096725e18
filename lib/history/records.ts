// Writes records into the file: messages into its journal, as fast as possible; the few other records
// straight into their tables. While the disk fails they wait, and are then written in order.

import type { DatabaseSync, StatementSync } from "node:sqlite";
import type { Message } from "../chat/message.ts";
import type { Forgotten, Record, SavedRoom } from "../chat/history.ts";
import { log } from "../log.ts";
import type { Metrics } from "../metrics.ts";
import type { Disk } from "./faults.ts";
import { transact } from "./migrations.ts";
import { type Gap, RetryBuffer } from "./retry_buffer.ts";
import { idOf, type Row, toRow } from "./messages.ts";

/** Messages in one journal row: indexing them takes about 3 ms. */
const ROWS_TOGETHER = 50;

const SQL = {
  said: "INSERT INTO journal (last, count, messages) VALUES (?, ?, ?)",
  gap: "INSERT INTO gaps (after_id, count, since, until) VALUES (?, ?, ?, ?)",
  room: `
    INSERT INTO rooms (id, key, name, topic, owner, locked, invited, empty_since)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?)
    ON CONFLICT (id) DO UPDATE SET topic = excluded.topic, owner = excluded.owner,
      locked = excluded.locked, invited = excluded.invited, gone = 0,
      empty_since = excluded.empty_since`,
  roomEmpty: "UPDATE rooms SET empty_since = ? WHERE id = ?",
  roomGone: "UPDATE rooms SET gone = 1 WHERE id = ?",
  roomUnseen: "DELETE FROM seen WHERE room = ?",
  // Another program may have removed the account since the server last looked.
  accountNew: `
    INSERT INTO accounts (id, name, key, hash, operator) SELECT ?1, ?2, ?3, ?4, ?5
    WHERE NOT EXISTS (SELECT 1 FROM forgotten WHERE account = ?1) ON CONFLICT (id) DO NOTHING`,
  accountOperator: "UPDATE accounts SET operator = ? WHERE id = ?",
  accountGone: "DELETE FROM accounts WHERE id = ?",
  // What an admin command has changed in this file too stays: the network is told of it next.
  account: `
    INSERT INTO accounts (id, name, key, hash, operator) SELECT ?1, ?2, ?3, ?4, ?5
    WHERE NOT EXISTS (SELECT 1 FROM forgotten WHERE account = ?1)
    ON CONFLICT (id) DO UPDATE SET
      name = iif(name IS ?6, excluded.name, name), key = iif(key IS ?7, excluded.key, key),
      hash = iif(hash IS ?8, excluded.hash, hash),
      operator = iif(operator IS ?9, excluded.operator, operator)`,
  accountUnseen: "DELETE FROM seen WHERE account = ?",
  ban: "INSERT OR REPLACE INTO bans VALUES (?, ?, ?, ?, ?, ?, ?)",
  unban: "DELETE FROM bans WHERE kind = ? AND subject = ?",
  seen: "INSERT OR REPLACE INTO seen (account, room, id) VALUES (?, ?, ?)",
  forgetting: "INSERT INTO forgetting (name, account, up_to) VALUES (?, ?, ?)",
  forgottenHere: "UPDATE forgotten SET told = 1 WHERE name = ? AND account IS ?",
  forgotten: "INSERT INTO forgotten (name, account, told) VALUES (?, ?, 1)",
  snapshotsStale: "UPDATE snapshots SET stale = 1",
  sequence: "UPDATE network SET sequence = ?",
} as const;

/** The end of some records: the gap after them, and the last message of the stream that they come from. */
export interface End {
  readonly gap?: Gap;
  readonly sequence?: number;
}

/** The statements that write records. */
export class RecordWriter {
  readonly #db: DatabaseSync;
  readonly #run: { [K in keyof typeof SQL]: StatementSync };

  constructor(db: DatabaseSync) {
    this.#db = db;
    const prepared = Object.entries(SQL).map(([name, sql]) => [name, db.prepare(sql)]);
    this.#run = Object.fromEntries(prepared) as { [K in keyof typeof SQL]: StatementSync };
  }

  /** Writes all records and their end, or nothing. Throws if the disk fails. */
  write(records: readonly Record[], end?: End): void {
    transact(this.#db, () => this.add(records, end));
  }

  /** The same within a transaction. */
  add(records: readonly Record[], { gap, sequence }: End = {}): void {
    const rows: Row[] = [];
    for (const record of records) {
      if (record.kind === "said") rows.push(toRow(record.message));
      else this.#keep(record);
    }
    for (let from = 0; from < rows.length; from += ROWS_TOGETHER) {
      const together = rows.slice(from, from + ROWS_TOGETHER);
      const last = Math.max(...together.map(idOf));
      this.#run.said.run(last, together.length, JSON.stringify(together));
    }
    if (gap !== undefined) this.#run.gap.run(gap.after, gap.count, gap.since, gap.until);
    if (sequence === undefined || this.#run.sequence.run(sequence).changes > 0) return;
    throw new Error("records of a stream came to a file that follows none");
  }

  #keep(record: Exclude<Record, { kind: "said" }>): void {
    const run = this.#run;
    switch (record.kind) {
      case "room": {
        const { id, key, name, topic, owner = null, isLocked, emptySince = null } = record.room;
        const invited = JSON.stringify(record.room.invited);
        run.room.run(id, key, name, topic, owner, Number(isLocked), invited, emptySince);
        return;
      }
      case "room empty":
        run.roomEmpty.run(record.at ?? 0, record.id);
        return;
      case "room gone":
        run.roomGone.run(record.id);
        run.roomUnseen.run(record.id);
        return;
      case "account new": {
        const { id, name, key, hash, isOperator } = record.account;
        run.accountNew.run(id, name, key, hash, Number(isOperator));
        return;
      }
      case "account operator":
        run.accountOperator.run(Number(record.isOperator), record.id);
        return;
      case "account gone":
        run.accountGone.run(record.id);
        run.accountUnseen.run(record.id);
        return;
      case "account": {
        const { account: { id, name, key, hash, isOperator }, before } = record;
        const was = before && [before.name, before.key, before.hash, Number(before.isOperator)];
        run.account.run(
          id,
          name,
          key,
          hash,
          Number(isOperator),
          ...was ?? [null, null, null, null],
        );
        return;
      }
      case "ban": {
        const { kind, subject, shown, isAddress, why, by, until = null } = record.ban;
        run.ban.run(kind, subject, shown, Number(isAddress), why, by, until);
        return;
      }
      case "unban":
        run.unban.run(record.ban.kind, record.ban.subject);
        return;
      case "seen":
        run.seen.run(record.account, record.room, record.id);
        return;
      case "forgotten": {
        const { whom: { name, account = null }, upTo } = record;
        run.forgetting.run(name, account, upTo);
        if (run.forgottenHere.run(name, account).changes === 0) run.forgotten.run(name, account);
        run.snapshotsStale.run();
      }
    }
  }
}

/** Waiting records that one transaction writes; and milliseconds to spend on them at a time. */
const TOGETHER = 2000, TIME = 25;
/** A failed attempt is repeated only after this many times its duration: a locked file takes long. */
const PAUSE = 10;

/** Options of the writing. */
export interface WriteBehindOptions {
  readonly writer: RecordWriter;
  readonly disk: Disk;
  readonly metrics: Metrics;
  /** Called with how many messages were written. */
  readonly onWritten: (count: number) => void;
}

/** Writes records, at once or later. */
export class WriteBehind {
  readonly #options: WriteBehindOptions;
  readonly #waiting = new RetryBuffer();
  #pauseUntil = 0;
  /** The last message of the stream that the waiting records come from. */
  #sequence: number | undefined;
  /** Records other than messages that were dropped since the disk began to fail. */
  #lostChanges = 0;
  #isWhole = true;

  constructor(options: WriteBehindOptions) {
    this.#options = options;
  }

  /** Whether everything is written. */
  get isDone(): boolean {
    return this.#waiting.isEmpty;
  }

  /** Whether no change was dropped. The file of a node that lacks one stays where it is in the stream. */
  get isWhole(): boolean {
    return this.#isWhole;
  }

  /** What was dropped is in the file now. */
  madeWhole(): void {
    this.#isWhole = true;
  }

  /** Writes a batch, with its sequence if it comes from a stream; or has it wait. */
  write(records: readonly Record[], sequence?: number): void {
    if (this.isDone && this.#attempt(records, { sequence })) return;
    const { messages, changes } = this.#waiting.push(records);
    this.#sequence = sequence;
    this.#options.metrics.historyLost += messages;
    this.#lostChanges += changes;
    if (changes > 0) this.#isWhole = false;
    if (performance.now() >= this.#pauseUntil) this.retry();
  }

  /** Writes what waits, for at most `time` ms. */
  retry(time = TIME): void {
    const end = performance.now() + time;
    while (!this.isDone && performance.now() < end) {
      const records = this.#waiting.first(TOGETHER);
      const isAll = records.length === this.#waiting.count;
      const gap = isAll ? this.#waiting.gap : undefined;
      // Changes of later batches come before messages of earlier ones: only all of them are up to a sequence.
      const sequence = isAll ? this.#sequence : undefined;
      if (!this.#attempt(records, { gap, sequence })) return;
      this.#waiting.written(records);
      if (!isAll) continue;
      log.warn("the history is written again");
      this.#tellLostChanges();
      if (gap === undefined) return;
      const { count, since, until } = gap;
      log.error("{count} messages from {since} to {until} are lost to the history", {
        count,
        since: new Date(since).toISOString(),
        until: new Date(until).toISOString(),
      });
    }
  }

  /** A room's state that is not in the file yet, or that it is gone. */
  roomChange(id: number): SavedRoom | "gone" | undefined {
    return this.#waiting.room(id);
  }

  /** Waiting messages, in order. */
  said(): Message[] {
    return this.#waiting.said().flatMap((record) => record.kind === "said" ? [record.message] : []);
  }

  /** Drops somebody's messages up to a number from what waits. */
  forget(whom: Forgotten, upTo?: number): void {
    this.#waiting.forget(whom, upTo);
  }

  /** Writes what waits; logs what the disk does not take. */
  close(): void {
    this.retry(Infinity);
    this.#tellLostChanges();
    const { count, messages: lost } = this.#waiting;
    if (count === 0) return;
    this.#options.metrics.historyLost += lost;
    log.error("{lost} messages are lost to the history: the disk did not take them", { lost });
    const changes = count - lost;
    if (changes > 0) {
      log.error("{changes} changes to rooms, names and bans are lost too", { changes });
    }
  }

  #tellLostChanges(): void {
    const changes = this.#lostChanges;
    this.#lostChanges = 0;
    if (changes > 0) {
      log.error("{changes} changes to rooms, names and bans are lost: too many waited", {
        changes,
      });
    }
  }

  #attempt(records: readonly Record[], { gap, sequence }: End): boolean {
    const { disk, writer, onWritten } = this.#options;
    const start = performance.now();
    const end = { gap, sequence: this.#isWhole ? sequence : undefined };
    if (!disk.write(() => writer.write(records, end))) {
      const end = performance.now();
      this.#pauseUntil = end + PAUSE * (end - start);
      return false;
    }
    onWritten(countSaid(records));
    return true;
  }
}

function countSaid(records: readonly Record[]): number {
  return records.reduce((count, { kind }) => kind === "said" ? count + 1 : count, 0);
}
