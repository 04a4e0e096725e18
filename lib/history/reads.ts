// Reads the file with statements that each look at few rows: messages that are not in memory, and what other
// programs may change (operators, passwords, who is forgotten).

import type { DatabaseSync, StatementSync } from "node:sqlite";
import type { AccountId, Message } from "../chat/message.ts";
import type { Changeable, Forgotten, Saved, SavedVisit, Waiting } from "../chat/history.ts";
import { type Extent, MOST_MESSAGES } from "./ring.ts";
import { toAccount, toBan, toForgotten, toRoom } from "./rows.ts";
import { COLUMNS, idOf, parseRows, type Row, toMessage, toRows } from "./messages.ts";
import { visitsIn, waitingIn } from "./visits.ts";

/** Oldest first, or newest first. */
type Order = "ASC" | "DESC";

/** The room with a number, unless it is gone for good. */
const THERE = "(SELECT id FROM rooms WHERE id = ?1 AND gone = 0)";

/** The statements that read. */
export class Reads {
  readonly #db: DatabaseSync;
  readonly #statements;

  constructor(db: DatabaseSync) {
    this.#db = db;
    // Messages ?2 < id <= ?3, ?4 of them: the last ones, or the first ones.
    const some = (where: string, order: Order) => `
      SELECT * FROM (SELECT ${COLUMNS.join(", ")} FROM messages
        WHERE ${where} AND id > ?2 AND id <= ?3 ORDER BY id ${order} LIMIT ?4)`;
    const ofRoom = (order: Order) => db.prepare(some(`room = ${THERE}`, order));
    const ofAccount = (order: Order) =>
      db.prepare(`
        ${some("kind = 'private' AND account = ?1", order)}
        UNION ${some("kind = 'private' AND to_account = ?1", order)}
        ORDER BY id ${order} LIMIT ?4`);
    this.#statements = {
      version: db.prepare("PRAGMA data_version"),
      roomName: db.prepare("SELECT name FROM rooms WHERE id = ?"),
      roomState: db.prepare("SELECT name, gone, locked FROM rooms WHERE id = ?"),
      lastOfRoom: db.prepare(
        `SELECT ${COLUMNS.join(", ")} FROM messages WHERE room = ${THERE} ORDER BY id DESC
          LIMIT ${MOST_MESSAGES}`,
      ),
      ofRoom: { ASC: ofRoom("ASC"), DESC: ofRoom("DESC") },
      ofAccount: { ASC: ofAccount("ASC"), DESC: ofAccount("DESC") },
      oldestOfJournal: db.prepare("SELECT messages FROM journal ORDER BY id LIMIT 1"),
      behind: db.prepare(`SELECT count(*) AS count FROM
        (SELECT 1 FROM messages WHERE room = ? AND id > ? LIMIT ?)`),
    };
  }

  /** A number that changes whenever another program has changed the file. */
  version(): number {
    return Number(this.#statements.version.get()?.data_version);
  }

  /** What is kept. */
  saved(): Omit<Saved, "visits" | "waiting"> {
    const rooms = this.#db.prepare("SELECT * FROM rooms WHERE gone = 0 ORDER BY empty_since, id")
      .all();
    return {
      ...this.changeable(),
      lastMessage: this.lastMessage(),
      lastRoom: this.#given("rooms"),
      rooms: rooms.map(toRoom),
    };
  }

  /** What is kept for accounts between their visits. */
  visits(): SavedVisit[] {
    return visitsIn(this.#db);
  }

  /** The messages that wait, oldest first. */
  waiting(): Waiting[] {
    return waitingIn(this.#db, this.journal());
  }

  /** The highest number given to a message so far. */
  lastMessage(): number {
    return Math.max(
      this.#highest("SELECT message AS highest FROM highest"),
      this.#highest("SELECT max(last) AS highest FROM journal"),
      this.#highest("SELECT max(after_id + count) AS highest FROM gaps"),
    );
  }

  /** The last messages of all, oldest first, as they are now. */
  lastSaid(count: number): Message[] {
    const rows = toRows(
      this.#db.prepare(`SELECT ${COLUMNS.join(", ")} FROM messages ORDER BY id DESC LIMIT ?`)
        .all(count),
    );
    const nameOf = this.#names();
    const said = new Map(rows.reverse().map((row) => [idOf(row), toMessage(row, nameOf)]));
    for (const message of this.journal()) {
      const isMended = message.edited || message.deleted;
      if (!isMended || said.has(message.id)) said.set(message.id, message);
    }
    return [...said.values()].slice(-count);
  }

  /** What other programs may change. */
  changeable(): Changeable {
    return {
      lastAccount: this.#given("accounts"),
      accounts: this.#db.prepare("SELECT * FROM accounts").all().map(toAccount),
      bans: this.#db.prepare("SELECT * FROM bans").all().map(toBan),
    };
  }

  /** Those who were forgotten after the one with this number. */
  forgotten(after: number): Forgotten[] {
    return this.#db.prepare("SELECT * FROM forgotten WHERE id > ?").all(after).map(toForgotten);
  }

  /** Those of whom the network does not know yet that they were forgotten. */
  untold(): Forgotten[] {
    return this.#db.prepare("SELECT * FROM forgotten WHERE told = 0 ORDER BY id").all()
      .map(toForgotten);
  }

  /** The number of the one who was forgotten last. */
  lastForgotten(): number {
    return Number(this.#db.prepare("SELECT max(id) AS id FROM forgotten").get()?.id ?? 0);
  }

  /** A room's name and state, even if it is gone. */
  roomState(id: number): { name: string; isGone: boolean; isLocked: boolean } | undefined {
    const row = this.#statements.roomState.get(id);
    return row && { name: String(row.name), isGone: row.gone !== 0, isLocked: row.locked !== 0 };
  }

  /** The name of a room, or its number if it has none. */
  roomName(id: number): string {
    return String(this.#statements.roomName.get(id)?.name ?? id);
  }

  /** The last messages of a room, oldest first. */
  lastOfRoom(id: number): Message[] {
    const rows = toRows(this.#statements.lastOfRoom.all(id));
    const name = this.roomName(id);
    return rows.map((row) => toMessage(row, () => name)).reverse();
  }

  /** Messages of a room, oldest first. */
  ofRoom(id: number, extent: Extent): Message[] {
    const rows = select(this.#statements.ofRoom, id, extent);
    const name = this.roomName(id);
    return rows.map((row) => toMessage(row, () => name));
  }

  /** Private messages by or to an account, oldest first. */
  ofAccount(account: AccountId, extent: Extent): Message[] {
    return select(this.#statements.ofAccount, account, extent).map((row) =>
      toMessage(row, () => "")
    );
  }

  /** The lowest number in the journal; Infinity when it is empty. */
  oldestOfJournal(): number {
    const row = this.#statements.oldestOfJournal.get();
    if (row === undefined) return Infinity;
    return Math.min(...parseRows(row.messages).map(idOf));
  }

  /** Which of these messages the file has. */
  known(ids: readonly number[]): Set<number> {
    if (ids.length === 0) return new Set();
    const found = this.#db.prepare(
      "SELECT id FROM messages WHERE id IN (SELECT value FROM json_each(?))",
    ).all(JSON.stringify(ids)).map(({ id }) => Number(id));
    return new Set([...found, ...Array.from(this.journal(), ({ id }) => id)]);
  }

  /** How many messages follow this one in a room, up to `most`. */
  countBehind(id: number, { room, most }: { room: number; most: number }): number {
    return Number(this.#statements.behind.get(room, id, most)?.count);
  }

  /** How many messages are in the journal. */
  unindexed(): number {
    return Number(this.#db.prepare("SELECT sum(count) AS count FROM journal").get()?.count ?? 0);
  }

  #highest(sql: string): number {
    return Number(this.#db.prepare(sql).get()?.highest ?? 0);
  }

  /** The highest number that a table has given so far. */
  #given(table: string): number {
    return this.#highest(`SELECT seq AS highest FROM sqlite_sequence WHERE name = '${table}'`);
  }

  /** The names of rooms, each read once. */
  #names(): (room: number) => string {
    const names = new Map<number, string>();
    return (room) => {
      const name = names.get(room) ?? this.roomName(room);
      names.set(room, name);
      return name;
    };
  }

  /** The journal's messages, in order. */
  *journal(): Generator<Message> {
    const nameOf = this.#names();
    for (const { messages } of this.#db.prepare("SELECT messages FROM journal ORDER BY id").all()) {
      for (const row of parseRows(messages)) yield toMessage(row, nameOf);
    }
  }
}

/** Runs one of two statements; returns what it finds, oldest first. */
function select(
  statements: Readonly<Record<Order, StatementSync>>,
  of: number,
  { upTo, after, over = 0, count }: Extent,
): Row[] {
  const isForward = after !== undefined;
  const rows = toRows(statements[isForward ? "ASC" : "DESC"].all(of, after ?? over, upTo, count));
  return isForward ? rows : rows.reverse();
}
