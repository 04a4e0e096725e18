// What admin commands do to the file, maybe while a server is running on it: so in short transactions.

import type { DatabaseSync } from "node:sqlite";
import { Bans, modernize, subjectOf } from "../chat/bans.ts";
import type { Account, Ban, SavedRoom } from "../chat/history.ts";
import { nameKey } from "../chat/names.ts";
import { HistoryError } from "./faults.ts";
import { indexAll } from "./indexer.ts";
import { transact } from "./migrations.ts";
import { toAccount, toBan, toRoom } from "./rows.ts";
import { Merge, WordIndex } from "./word_index.ts";

/** Rows that one transaction deletes: a server that writes meanwhile waits a few milliseconds. */
const SLICE = 500;

/** Makes a registered name an operator, or no longer one. Throws a `HistoryError` if it is not registered. */
export function setOperator(db: DatabaseSync, name: string, isOperator: boolean): void {
  const { changes } = db.prepare("UPDATE accounts SET operator = ? WHERE key = ?")
    .run(Number(isOperator), nameKey(name));
  if (changes === 0) throw notRegistered(name);
}

/** The names of the operators. */
export function listOperators(db: DatabaseSync): string[] {
  return db.prepare("SELECT name FROM accounts WHERE operator = 1 ORDER BY name").all()
    .map(({ name }) => String(name));
}

/** Every registered name, in the order of their registration. */
export function listAccounts(db: DatabaseSync): Account[] {
  return db.prepare("SELECT * FROM accounts ORDER BY id").all().map(toAccount);
}

/** Every room that is not gone, in the order in which they were made. */
export function listRooms(db: DatabaseSync): SavedRoom[] {
  return db.prepare("SELECT * FROM rooms WHERE gone = 0 ORDER BY id").all().map(toRoom);
}

/** The bans and mutes in force at this time (epoch ms). */
export function listBans(db: DatabaseSync, at: number): Ban[] {
  return bansIn(db).bans.inForce(at);
}

/** Lifts the ban and the mute of a name, address or range, and returns them. Throws a `HistoryError` for none. */
export function liftBans(db: DatabaseSync, whom: string, at: number): Ban[] {
  const { bans, subjects } = bansIn(db);
  const found = (["ban", "mute"] as const).flatMap((kind) =>
    bans.get({ kind, ...subjectOf(whom) }) ?? bans.ofName(kind, whom, at) ?? []
  );
  if (found.length === 0) {
    const range = bans.ofAddress(whom, at);
    throw new HistoryError(
      range === undefined
        ? `${whom} is neither banned nor muted in this file: bobchat bans lists who is`
        : `${whom} is not banned, but ${range.shown} is, and ${whom} with it: unban that`,
    );
  }
  const remove = db.prepare("DELETE FROM bans WHERE kind = ? AND subject = ?");
  transact(db, () => {
    for (const ban of found) remove.run(ban.kind, subjects.get(ban)!);
  });
  return found;
}

/** All bans and mutes, with the subjects that the file has, which an earlier version may have written. */
function bansIn(db: DatabaseSync): { bans: Bans; subjects: Map<Ban, string> } {
  const bans = new Bans(), subjects = new Map<Ban, string>();
  for (const ban of db.prepare("SELECT * FROM bans").all().map(toBan)) {
    const today = modernize(ban);
    if (today === undefined) continue;
    bans.add(today);
    subjects.set(today, ban.subject);
  }
  return { bans, subjects };
}

/** Throws a `HistoryError` if nobody has registered this name. */
export function checkRegistered(db: DatabaseSync, name: string): void {
  const row = db.prepare("SELECT 1 FROM accounts WHERE key = ?").get(nameKey(name));
  if (row === undefined) throw notRegistered(name);
}

/** Sets a registered name's password hash. Throws a `HistoryError` if it is not registered. */
export function setPassword(db: DatabaseSync, name: string, hash: string): void {
  const { changes } = db.prepare("UPDATE accounts SET hash = ? WHERE key = ?")
    .run(hash, nameKey(name));
  if (changes === 0) throw notRegistered(name);
}

/** Removes an account and all messages under its name, by or to it; returns how many messages. */
export function forget(db: DatabaseSync, name: string): { account: boolean; messages: number } {
  indexAll(db);
  const key = nameKey(name);
  const account = db.prepare("SELECT id FROM accounts WHERE key = ?").get(key)?.id ?? null;
  transact(db, () => {
    // First, so that a running server accepts nothing more from them.
    db.prepare("INSERT INTO forgotten (name, account) VALUES (?, ?)").run(name, account);
    db.prepare("DELETE FROM accounts WHERE key = ?").run(key);
    for (const table of ["seen", "seen_people", "visits"]) {
      db.prepare(`DELETE FROM ${table} WHERE account = ?`).run(account);
    }
    db.prepare("DELETE FROM waiting WHERE account = ?1 OR sender = ?1").run(account);
  });
  // Messages that a running server has written meanwhile.
  indexAll(db);
  const names = db.prepare("SELECT sender AS name FROM messages UNION SELECT to_name FROM messages")
    .all().flatMap(({ name }) => typeof name === "string" && nameKey(name) === key ? [name] : []);
  const ids = db.prepare(`SELECT id FROM messages WHERE account = ?1 OR to_account = ?1
    OR sender IN (SELECT value FROM json_each(?2)) OR to_name IN (SELECT value FROM json_each(?2))`)
    .all(account, JSON.stringify(names)).map(({ id }) => Number(id));
  const remove = db.prepare(
    "DELETE FROM messages WHERE id IN (SELECT value FROM json_each(?))",
  );
  const index = new WordIndex(db);
  for (let i = 0; i < ids.length; i += SLICE) {
    const slice = ids.slice(i, i + SLICE);
    transact(db, () => {
      remove.run(JSON.stringify(slice));
      index.remove(slice);
    });
  }
  // Removes the words from the index and the write-ahead log too.
  new Merge(db).toOne();
  db.exec("PRAGMA wal_checkpoint(TRUNCATE)");
  return { account: account !== null, messages: ids.length };
}

function notRegistered(name: string): HistoryError {
  return new HistoryError(
    `${name} is not registered in this file: they type /register PASSWORD in the room first`,
  );
}
