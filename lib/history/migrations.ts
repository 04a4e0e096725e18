// The tables of the file, a step for each version, and how to bring them up to date. A released step is never
// changed; the next one is added after it.

import type { DatabaseSync } from "node:sqlite";
import { nameKey } from "../chat/names.ts";
import { LOBBY } from "../chat/room.ts";
import { HistoryError } from "./faults.ts";
import { makeIndex } from "./word_index.ts";

/** `bobc` in the file's header, so that no other program's file is taken for ours. */
export const APPLICATION = 0x626f6263;

/** A step: SQL, or a function if SQL is not enough; all steps run in one transaction. */
export type Migration = string | ((db: DatabaseSync) => void);

const FIRST = `
  -- A private message has no room, any other has no receiver.
  CREATE TABLE messages (
    id INTEGER PRIMARY KEY,
    at INTEGER NOT NULL,
    room INTEGER,
    kind TEXT NOT NULL,
    sender TEXT NOT NULL,
    text TEXT NOT NULL,
    account INTEGER,
    to_name TEXT,
    to_account INTEGER
  ) STRICT;
  -- Every index ends in the row's id: so the last ones of a room are read from its end.
  CREATE INDEX messages_room ON messages (room) WHERE room IS NOT NULL;
  CREATE INDEX messages_at ON messages (at);
  CREATE INDEX messages_by ON messages (account) WHERE kind = 'private' AND account IS NOT NULL;
  CREATE INDEX messages_to ON messages (to_account)
    WHERE kind = 'private' AND to_account IS NOT NULL;

  -- The words of messages: word_index.ts keeps them in order, and takes out what is deleted.
  CREATE VIRTUAL TABLE words USING fts5 (
    text, content = 'messages', content_rowid = 'id', columnsize = 0
  );
  INSERT INTO words (words, rank) VALUES ('automerge', 0), ('crisismerge', 1000);
  CREATE TRIGGER message_said AFTER INSERT ON messages BEGIN
    INSERT INTO words (rowid, text) VALUES (new.id, new.text);
  END;
  CREATE TRIGGER message_gone AFTER DELETE ON messages BEGIN
    INSERT INTO words (words, rowid, text) VALUES ('delete', old.id, old.text);
  END;

  -- What was just said: rows of messages in JSON, which indexer.ts moves to where they belong.
  CREATE TABLE journal (
    id INTEGER PRIMARY KEY,
    last INTEGER NOT NULL,
    count INTEGER NOT NULL,
    messages TEXT NOT NULL
  ) STRICT;
  -- The highest number of a message that was ever in messages.
  CREATE TABLE highest (message INTEGER NOT NULL) STRICT;
  INSERT INTO highest VALUES (0);
  -- Messages that were lost while the disk failed.
  CREATE TABLE gaps (
    id INTEGER PRIMARY KEY,
    after_id INTEGER NOT NULL,
    count INTEGER NOT NULL,
    since INTEGER NOT NULL,
    until INTEGER NOT NULL
  ) STRICT;

  -- AUTOINCREMENT: a number is never given again.
  CREATE TABLE rooms (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    key TEXT NOT NULL,
    name TEXT NOT NULL,
    topic TEXT NOT NULL DEFAULT '',
    owner INTEGER,
    locked INTEGER NOT NULL DEFAULT 0,
    invited TEXT NOT NULL DEFAULT '[]',
    gone INTEGER NOT NULL DEFAULT 0
  ) STRICT;
  CREATE INDEX rooms_key ON rooms (key);
  CREATE TABLE accounts (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    name TEXT NOT NULL,
    key TEXT NOT NULL,
    hash TEXT NOT NULL,
    operator INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX accounts_key ON accounts (key);
  CREATE TABLE bans (
    kind TEXT NOT NULL,
    subject TEXT NOT NULL,
    shown TEXT NOT NULL,
    is_address INTEGER NOT NULL,
    why TEXT NOT NULL,
    said_by TEXT NOT NULL,
    until INTEGER,
    PRIMARY KEY (kind, subject)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE seen (
    account INTEGER NOT NULL,
    room INTEGER NOT NULL,
    id INTEGER NOT NULL,
    PRIMARY KEY (account, room)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX seen_room ON seen (room);
  CREATE TABLE forgotten (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    name TEXT NOT NULL,
    account INTEGER
  ) STRICT;
  CREATE INDEX forgotten_account ON forgotten (account);

  INSERT INTO rooms (id, key, name) VALUES (${LOBBY.id}, '${nameKey(LOBBY.name)}', '${LOBBY.name}');
`;

const SECOND = `
  -- Their words are indexed by word_index.ts instead, by the rule of words.ts.
  DROP TRIGGER message_said;
  DROP TRIGGER message_gone;
  DROP TABLE words;
  -- Since when nobody has been in it (epoch ms); NULL while somebody is.
  ALTER TABLE rooms ADD COLUMN empty_since INTEGER;
  CREATE INDEX rooms_kept ON rooms (id) WHERE topic <> '' AND gone = 0;
`;

const THIRD = `
  -- The network that the file belongs to, and the last message of its stream whose records are here; no row:
  -- it belongs to none.
  CREATE TABLE network (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    name TEXT NOT NULL,
    epoch INTEGER NOT NULL,
    sequence INTEGER NOT NULL
  ) STRICT;
  -- States of the chat, each as of a message of that stream, as JSON with gzip. One that is stale has something
  -- of a person who was forgotten since.
  CREATE TABLE snapshots (
    sequence INTEGER PRIMARY KEY,
    id TEXT NOT NULL,
    at INTEGER NOT NULL,
    stale INTEGER NOT NULL DEFAULT 0,
    chat BLOB NOT NULL
  ) STRICT;
  -- Whether the network knows of it.
  ALTER TABLE forgotten ADD COLUMN told INTEGER NOT NULL DEFAULT 0;
  -- Whose messages are to be deleted here as well, up to a number.
  CREATE TABLE forgetting (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL,
    account INTEGER,
    up_to INTEGER NOT NULL
  ) STRICT;
`;

const MENDED = `
  -- 1: its author has put another text in place of the first; 1: it was taken back, and has no text.
  ALTER TABLE messages ADD COLUMN edited INTEGER;
  ALTER TABLE messages ADD COLUMN deleted INTEGER;
  -- A row for each earlier text of which the index of words and the write-ahead log may still have something.
  CREATE TABLE erasing (id INTEGER PRIMARY KEY) STRICT;
`;

const VISITS = `
  -- How far accounts have read private talks, by the name of the other one; rooms are in seen.
  CREATE TABLE seen_people (
    account INTEGER NOT NULL,
    key TEXT NOT NULL,
    person TEXT NOT NULL,
    id INTEGER NOT NULL,
    PRIMARY KEY (account, key)
  ) STRICT, WITHOUT ROWID;
  -- Whom accounts ignore, and the rooms that they enter at the next visit: names, as JSON.
  CREATE TABLE visits (
    account INTEGER PRIMARY KEY,
    ignored TEXT NOT NULL,
    rooms TEXT NOT NULL
  ) STRICT;
  -- Which private messages wait for an account, and the account and network that they are from.
  CREATE TABLE waiting (
    id INTEGER PRIMARY KEY,
    account INTEGER NOT NULL,
    sender INTEGER,
    network TEXT NOT NULL
  ) STRICT;
  CREATE INDEX waiting_account ON waiting (account);
  CREATE TRIGGER waiting_gone AFTER DELETE ON messages WHEN old.kind = 'private' BEGIN
    DELETE FROM waiting WHERE id = old.id;
  END;
`;

const NONCES = `
  -- By which its author's app knows a message, so that it is not said twice.
  ALTER TABLE messages ADD COLUMN nonce TEXT;
`;

/** The step from version n to n + 1, by n. */
export const MIGRATIONS: readonly Migration[] = [
  FIRST,
  (db) => {
    db.exec(SECOND);
    makeIndex(db);
  },
  THIRD,
  MENDED,
  VISITS,
  NONCES,
];

/** Brings the tables up to date, all steps or none. Throws a `HistoryError` for a newer bobchat's file. */
export function migrate(
  db: DatabaseSync,
  { path, migrations = MIGRATIONS }: { path: string; migrations?: readonly Migration[] },
): void {
  if (version(db) === migrations.length) return;
  try {
    db.exec("BEGIN IMMEDIATE");
    // Read again: another program may have migrated the file meanwhile.
    const from = version(db);
    if (from > migrations.length) {
      throw new HistoryError(
        `${path} was written by a newer bobchat (version ${from} of the file, this one knows ` +
          `${migrations.length}): update bobchat, or name another file`,
      );
    }
    for (const step of migrations.slice(from)) {
      if (typeof step === "string") db.exec(step);
      else step(db);
    }
    db.exec(`
      PRAGMA user_version = ${migrations.length};
      PRAGMA application_id = ${APPLICATION};
      COMMIT;
    `);
  } catch (error) {
    rollBack(db);
    throw error;
  }
}

/** Runs work as one transaction: all of it or, if it throws, nothing. */
export function transact<T>(db: DatabaseSync, work: () => T): T {
  try {
    db.exec("BEGIN IMMEDIATE");
    const result = work();
    db.exec("COMMIT");
    return result;
  } catch (error) {
    rollBack(db);
    throw error;
  }
}

/** Ends a failed transaction, unless the failure has already ended it; does not throw. */
function rollBack(db: DatabaseSync): void {
  try {
    if (db.isTransaction) db.exec("ROLLBACK");
  } catch {
    // The error that led here says more. A transaction that stays open makes the next BEGIN fail, which is
    // caught, reported and rolled back in turn.
  }
}

/** The version of a file that is to be migrated; undefined for one that is new, or up to date. */
export function outdated(db: DatabaseSync): number | undefined {
  const from = version(db);
  return from > 0 && from < MIGRATIONS.length ? from : undefined;
}

function version(db: DatabaseSync): number {
  return Number(db.prepare("PRAGMA user_version").get()?.user_version);
}
