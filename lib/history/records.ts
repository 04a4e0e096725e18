// Writes records into the file: messages go to its journal, as fast as can be, the few other records at
// once to where they belong.

import type { DatabaseSync, StatementSync } from "node:sqlite";
import type { Record } from "../chat/history.ts";
import { type Row, toRow } from "./rows.ts";
import { transact } from "./file.ts";

/** Messages that were lost: those of numbers behind `after`, said from one time to another (epoch ms). */
export interface Gap {
  readonly after: number;
  readonly count: number;
  readonly since: number;
  readonly until: number;
}

/** Messages of one journal row: indexing them takes about 3 ms. */
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
  // Another program may have forgotten the account since the server last looked.
  accountNew: `
    INSERT INTO accounts (id, name, key, hash, operator) SELECT ?1, ?2, ?3, ?4, ?5
    WHERE NOT EXISTS (SELECT 1 FROM forgotten WHERE account = ?1) ON CONFLICT (id) DO NOTHING`,
  accountOperator: "UPDATE accounts SET operator = ? WHERE id = ?",
  accountGone: "DELETE FROM accounts WHERE id = ?",
  accountUnseen: "DELETE FROM seen WHERE account = ?",
  ban: "INSERT OR REPLACE INTO bans VALUES (?, ?, ?, ?, ?, ?, ?)",
  unban: "DELETE FROM bans WHERE kind = ? AND subject = ?",
  seen: "INSERT OR REPLACE INTO seen (account, room, id) VALUES (?, ?, ?)",
} as const;

/** The statements that write records. */
export class RecordWriter {
  readonly #db: DatabaseSync;
  readonly #run: { [K in keyof typeof SQL]: StatementSync };

  constructor(db: DatabaseSync) {
    this.#db = db;
    const prepared = Object.entries(SQL).map(([name, sql]) => [name, db.prepare(sql)]);
    this.#run = Object.fromEntries(prepared) as { [K in keyof typeof SQL]: StatementSync };
  }

  /** Writes all of them, and the gap behind them, or nothing. Throws for a disk's fault. */
  write(records: readonly Record[], gap?: Gap): void {
    transact(this.#db, () => {
      const rows: Row[] = [];
      for (const record of records) {
        if (record.kind === "said") rows.push(toRow(record.message));
        else this.#keep(record);
      }
      for (let from = 0; from < rows.length; from += ROWS_TOGETHER) {
        const together = rows.slice(from, from + ROWS_TOGETHER);
        const last = Math.max(...together.map(([id]) => id));
        this.#run.said.run(last, together.length, JSON.stringify(together));
      }
      if (gap !== undefined) this.#run.gap.run(gap.after, gap.count, gap.since, gap.until);
    });
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
    }
  }
}
