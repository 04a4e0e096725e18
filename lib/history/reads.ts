// What is read from the file, by statements that each look at few rows.

import type { DatabaseSync, StatementSync } from "node:sqlite";
import type { AccountId, Message } from "../chat/message.ts";
import type { Account, Ban, Forgotten, Saved, SavedRoom } from "../chat/history.ts";
import { type Extent, MOST_MESSAGES } from "./ring.ts";
import { COLUMNS, parseJson, parseRows, type Row, toMessage, toRows } from "./rows.ts";

/** A table's row by column. */
type Columns = ReturnType<ReturnType<DatabaseSync["prepare"]>["all"]>[number];

/** From the oldest on, or from the newest back. */
type Order = "ASC" | "DESC";

/** The room that is asked for, unless it is gone for good. */
const THERE = "(SELECT id FROM rooms WHERE id = ?1 AND gone = 0)";

/** The statements that read. */
export class Reads {
  readonly #db: DatabaseSync;
  readonly #statements;

  constructor(db: DatabaseSync) {
    this.#db = db;
    // Messages ?2 < id <= ?3, ?4 of them: the last ones, or the first ones.
    const some = (where: string, order: Order) => `
      SELECT * FROM (SELECT ${COLUMNS} FROM messages
        WHERE ${where} AND id > ?2 AND id <= ?3 ORDER BY id ${order} LIMIT ?4)`;
    const ofRoom = (order: Order) => db.prepare(some(`room = ${THERE}`, order));
    const ofAccount = (order: Order) =>
      db.prepare(`
        ${some("kind = 'private' AND account = ?1", order)}
        UNION ${some("kind = 'private' AND to_account = ?1", order)}
        ORDER BY id ${order} LIMIT ?4`);
    this.#statements = {
      version: db.prepare("PRAGMA data_version"),
      room: db.prepare("SELECT * FROM rooms WHERE key = ? AND gone = 0 ORDER BY id DESC LIMIT 1"),
      roomName: db.prepare("SELECT name FROM rooms WHERE id = ?"),
      roomState: db.prepare("SELECT name, gone, locked FROM rooms WHERE id = ?"),
      lastOfRoom: db.prepare(
        `SELECT ${COLUMNS} FROM messages WHERE room = ${THERE} ORDER BY id DESC
          LIMIT ${MOST_MESSAGES}`,
      ),
      ofRoom: { ASC: ofRoom("ASC"), DESC: ofRoom("DESC") },
      ofAccount: { ASC: ofAccount("ASC"), DESC: ofAccount("DESC") },
      oldestOfJournal: db.prepare("SELECT messages FROM journal ORDER BY id LIMIT 1"),
      seen: db.prepare("SELECT id FROM seen WHERE account = ? AND room = ?"),
      behind: db.prepare(`SELECT count(*) AS count FROM
        (SELECT 1 FROM messages WHERE room = ? AND id > ? LIMIT ?)`),
    };
  }

  /** Another number whenever another program has changed the file. */
  version(): number {
    return Number(this.#statements.version.get()?.data_version);
  }

  /** What is known; of those who were forgotten, the ones behind this number. */
  saved(forgottenBefore: number): Saved {
    const highest = (sql: string) => Number(this.#db.prepare(sql).get()?.highest ?? 0);
    const given = (table: string) =>
      highest(`SELECT seq AS highest FROM sqlite_sequence WHERE name = '${table}'`);
    return {
      lastMessage: Math.max(
        highest("SELECT message AS highest FROM highest"),
        highest("SELECT max(last) AS highest FROM journal"),
        highest("SELECT max(after_id + count) AS highest FROM gaps"),
      ),
      lastRoom: given("rooms"),
      lastAccount: given("accounts"),
      accounts: this.#db.prepare("SELECT * FROM accounts").all().map(toAccount),
      bans: this.#db.prepare("SELECT * FROM bans").all().map(toBan),
      rooms: this.#db.prepare("SELECT * FROM rooms WHERE topic <> '' AND gone = 0").all()
        .map(toRoom),
      forgotten: this.#db.prepare("SELECT * FROM forgotten WHERE id > ?").all(forgottenBefore)
        .map(toForgotten),
    };
  }

  /** The number of whoever was forgotten last. */
  lastForgotten(): number {
    return Number(this.#db.prepare("SELECT max(id) AS id FROM forgotten").get()?.id ?? 0);
  }

  /** The newest room of that key that is not gone. */
  room(key: string): SavedRoom | undefined {
    const row = this.#statements.room.get(key);
    return row && toRoom(row);
  }

  /** Which room that is, whether or not it is there. */
  roomState(id: number): { name: string; isGone: boolean; isLocked: boolean } | undefined {
    const row = this.#statements.roomState.get(id);
    return row && { name: String(row.name), isGone: row.gone !== 0, isLocked: row.locked !== 0 };
  }

  /** The name of a room; its number where it has none. */
  roomName(id: number): string {
    return String(this.#statements.roomName.get(id)?.name ?? id);
  }

  /** The last messages of a room, oldest first. */
  lastOfRoom(id: number): Message[] {
    const rows = toRows(this.#statements.lastOfRoom.all(id));
    const name = this.roomName(id);
    return rows.map((row) => toMessage(row, name)).reverse();
  }

  /** Messages of a room, oldest first. */
  ofRoom(id: number, extent: Extent): Message[] {
    const rows = select(this.#statements.ofRoom, id, extent);
    const name = this.roomName(id);
    return rows.map((row) => toMessage(row, name));
  }

  /** Private messages by or to an account, oldest first. */
  ofAccount(account: AccountId, extent: Extent): Message[] {
    return select(this.#statements.ofAccount, account, extent).map((row) => toMessage(row, ""));
  }

  /** The lowest number in the journal; Infinity when it is empty. */
  oldestOfJournal(): number {
    const row = this.#statements.oldestOfJournal.get();
    if (row === undefined) return Infinity;
    return Math.min(...parseRows(row.messages).map(([id]) => id));
  }

  /** The last message that an account knew of a room. */
  seen(account: AccountId, room: number): number | undefined {
    const row = this.#statements.seen.get(account, room);
    return row && Number(row.id);
  }

  /** How many messages stand behind this one in a room, up to `most`. */
  countBehind(id: number, { room, most }: { room: number; most: number }): number {
    return Number(this.#statements.behind.get(room, id, most)?.count);
  }

  /** What the journal has: how many messages. */
  unindexed(): number {
    return Number(this.#db.prepare("SELECT sum(count) AS count FROM journal").get()?.count ?? 0);
  }

  /** The journal's messages, in order. */
  *journal(): Generator<Message> {
    const names = new Map<number, string>();
    for (const { messages } of this.#db.prepare("SELECT messages FROM journal ORDER BY id").all()) {
      for (const row of parseRows(messages)) {
        const room = row[2] ?? 0;
        if (!names.has(room)) names.set(room, this.roomName(room));
        yield toMessage(row, names.get(room)!);
      }
    }
  }
}

/** What one of two statements has found, oldest first. */
function select(
  statements: Readonly<Record<Order, StatementSync>>,
  of: number,
  { upTo, after, over = 0, count }: Extent,
): Row[] {
  const isForward = after !== undefined;
  const rows = toRows(statements[isForward ? "ASC" : "DESC"].all(of, after ?? over, upTo, count));
  return isForward ? rows : rows.reverse();
}

function toAccount({ id, name, key, hash, operator }: Columns): Account {
  return {
    id: Number(id),
    name: String(name),
    key: String(key),
    hash: String(hash),
    isOperator: operator === 1,
  };
}

function toRoom(
  { id, name, key, topic, owner, locked, invited, empty_since: since }: Columns,
): SavedRoom {
  const room = {
    id: Number(id),
    name: String(name),
    key: String(key),
    topic: String(topic),
    isLocked: locked === 1,
    invited: toNumbers(parseJson(invited)),
  };
  return {
    ...room,
    ...owner === null ? {} : { owner: Number(owner) },
    ...since === null ? {} : { emptySince: Number(since) },
  };
}

function toNumbers(value: unknown): number[] {
  return Array.isArray(value) ? value.filter((each) => Number.isSafeInteger(each)) : [];
}

function toBan({ kind, subject, shown, is_address, why, said_by, until }: Columns): Ban {
  const ban = {
    kind: kind as Ban["kind"],
    subject: String(subject),
    shown: String(shown),
    isAddress: is_address === 1,
    why: String(why),
    by: String(said_by),
  };
  return until === null ? ban : { ...ban, until: Number(until) };
}

function toForgotten({ name, account }: Columns): Forgotten {
  return account === null
    ? { name: String(name) }
    : { name: String(name), account: Number(account) };
}
