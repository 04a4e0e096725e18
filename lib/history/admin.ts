// What admin commands do to the file, maybe while a server is running on it: so in short transactions.

import type { DatabaseSync } from "node:sqlite";
import { nameKey } from "../chat/names.ts";
import { HistoryError } from "./faults.ts";
import { indexAll } from "./indexer.ts";
import { transact } from "./migrations.ts";
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
    db.prepare("DELETE FROM seen WHERE account = ?").run(account);
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
