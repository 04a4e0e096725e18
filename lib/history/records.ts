// Writes records into the file: messages into its journal, as fast as possible; the few other records
// straight into their tables.

import type { DatabaseSync, StatementSync } from "node:sqlite";
import type { Record } from "../chat/history.ts";
import { nameKey } from "../chat/names.ts";
import { transact } from "./migrations.ts";
import type { Gap } from "./retry_buffer.ts";
import { idOf, type Row, toRow } from "./messages.ts";

/** Messages in one journal row: indexing them takes about 3 ms. */
const ROWS_TOGETHER = 50;

/** Another program may have removed the account since the server last looked. */
const UNLESS_GONE = "WHERE NOT EXISTS (SELECT 1 FROM forgotten WHERE account = ?1)";

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
  accountNew: `
    INSERT INTO accounts (id, name, key, hash, operator) SELECT ?1, ?2, ?3, ?4, ?5
    ${UNLESS_GONE} ON CONFLICT (id) DO NOTHING`,
  accountOperator: "UPDATE accounts SET operator = ? WHERE id = ?",
  accountGone: "DELETE FROM accounts WHERE id = ?",
  // What an admin command has changed in this file too stays: the network is told of it next.
  account: `
    INSERT INTO accounts (id, name, key, hash, operator) SELECT ?1, ?2, ?3, ?4, ?5
    ${UNLESS_GONE}
    ON CONFLICT (id) DO UPDATE SET
      name = iif(name IS ?6, excluded.name, name), key = iif(key IS ?7, excluded.key, key),
      hash = iif(hash IS ?8, excluded.hash, hash),
      operator = iif(operator IS ?9, excluded.operator, operator)`,
  accountUnseen: "DELETE FROM seen WHERE account = ?",
  accountUnseenPeople: "DELETE FROM seen_people WHERE account = ?",
  accountUnvisited: "DELETE FROM visits WHERE account = ?",
  accountUnawaited: "DELETE FROM waiting WHERE account = ?1 OR sender = ?1",
  ban: "INSERT OR REPLACE INTO bans VALUES (?, ?, ?, ?, ?, ?, ?)",
  unban: "DELETE FROM bans WHERE kind = ? AND subject = ?",
  visit: `INSERT OR REPLACE INTO visits (account, ignored, rooms) SELECT ?1, ?2, ?3 ${UNLESS_GONE}`,
  seen: `INSERT OR REPLACE INTO seen (account, room, id) SELECT ?1, ?2, ?3 ${UNLESS_GONE}`,
  seenPerson: `
    INSERT OR REPLACE INTO seen_people (account, key, person, id) SELECT ?1, ?2, ?3, ?4
    ${UNLESS_GONE}`,
  unseen: "DELETE FROM seen WHERE account = ? AND room = ?",
  unseenPerson: "DELETE FROM seen_people WHERE account = ? AND key = ?",
  waits: `
    INSERT OR REPLACE INTO waiting (account, id, sender, network) SELECT ?1, ?2, ?3, ?4
    ${UNLESS_GONE} AND NOT EXISTS (SELECT 1 FROM forgotten WHERE account = ?3)`,
  waitsNoMore: "DELETE FROM waiting WHERE id = ?",
  taken: "DELETE FROM waiting WHERE account = ? AND id <= ?",
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
      // A later form of a message comes to the journal as well, and is in force once it is moved from there.
      if (record.kind === "said" || record.kind === "mended") rows.push(toRow(record.message));
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

  #keep(record: Exclude<Record, { kind: "said" | "mended" }>): void {
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
        run.accountUnseenPeople.run(record.id);
        run.accountUnvisited.run(record.id);
        run.accountUnawaited.run(record.id);
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
      case "visit": {
        const { account, ignored, rooms } = record;
        run.visit.run(account, JSON.stringify(ignored), JSON.stringify(rooms));
        return;
      }
      case "seen": {
        const { account, mark } = record;
        if ("room" in mark) run.seen.run(account, mark.room, mark.upTo);
        else run.seenPerson.run(account, nameKey(mark.person), mark.person, mark.upTo);
        return;
      }
      case "unseen": {
        const { account, place } = record;
        if ("room" in place) run.unseen.run(account, place.room);
        else run.unseenPerson.run(account, nameKey(place.person));
        return;
      }
      case "waits": {
        const { id, account, sender = null, network } = record;
        run.waits.run(account, id, sender, network);
        return;
      }
      case "waits no more":
        run.waitsNoMore.run(record.id);
        return;
      case "taken":
        run.taken.run(record.account, record.upTo);
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
