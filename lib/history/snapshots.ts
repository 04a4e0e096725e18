// Snapshots of the chat in the file, as JSON with gzip; and what a snapshot is as records.

import type { DatabaseSync } from "node:sqlite";
import process from "node:process";
import type { Record } from "../chat/history.ts";
import { nameKey } from "../chat/names.ts";
import { type Snapshot, VERSION } from "../chat/snapshot.ts";
import { DamageError } from "./faults.ts";
import { type Columns, parseJson } from "./rows.ts";

/** A state of the chat, and the last message of the stream in it: its sequence, id and time (epoch ms). */
export interface KeptSnapshot {
  readonly sequence: number;
  readonly id: string;
  readonly at: number;
  readonly chat: Snapshot;
}

/** The newest snapshot, if this bobchat can read its form. */
export function newest(db: DatabaseSync): KeptSnapshot | undefined {
  const row = db.prepare("SELECT * FROM snapshots ORDER BY sequence DESC LIMIT 1").get();
  if (row === undefined) return undefined;
  const chat = unpack(row) as Snapshot;
  if (chat?.version !== VERSION) return undefined;
  return { sequence: Number(row.sequence), id: String(row.id), at: Number(row.at), chat };
}

/** Whether one of them has something of a person who was forgotten since. */
export function hasStale(db: DatabaseSync): boolean {
  return db.prepare("SELECT 1 FROM snapshots WHERE stale = 1").get() !== undefined;
}

/** Keeps a snapshot. */
export function put(db: DatabaseSync, { sequence, id, at, chat }: KeptSnapshot): void {
  db.prepare("INSERT OR REPLACE INTO snapshots (sequence, id, at, chat) VALUES (?, ?, ?, ?)")
    .run(sequence, id, at, zlib().gzipSync(JSON.stringify(chat), { level: 1 }));
}

/** Loaded only where there is a snapshot: a server on its own has no use for it. */
function zlib() {
  return process.getBuiltinModule("node:zlib");
}

function unpack({ chat }: Columns): unknown {
  try {
    return parseJson(new TextDecoder().decode(zlib().gunzipSync(chat as Uint8Array)));
  } catch (error) {
    throw new DamageError("a snapshot is none", { cause: error });
  }
}

/**
 * The records that make an empty file's state a snapshot's; `hasMessage` says whether the file has a private message
 * already.
 */
export function* recordsOf(
  { accounts, bans, rooms, left, visits, waiting }: Snapshot,
  hasMessage: (id: number) => boolean,
): Generator<Record> {
  for (const account of accounts) yield { kind: "account new", account };
  for (const { account, ignored, rooms, marks } of visits) {
    yield { kind: "visit", account, ignored, rooms };
    for (const mark of marks) yield { kind: "seen", account, mark };
  }
  for (const { account, network, message } of waiting) {
    const { id, by } = message;
    if (!hasMessage(id)) yield { kind: "said", message };
    yield { kind: "waits", account, id, network, sender: by.account };
  }
  for (const ban of bans) yield { kind: "ban", ban };
  for (const { id, name, topic, owner, isLocked, isKept, emptySince, invited } of rooms) {
    if (!isKept) continue;
    const accounts = invited.flatMap(({ account }) => account === undefined ? [] : [account]);
    const room = { id, name, key: nameKey(name), topic, isLocked, invited: accounts, emptySince };
    yield { kind: "room", room: { ...room, owner: owner?.account } };
  }
  for (const room of left) yield { kind: "room", room };
}
