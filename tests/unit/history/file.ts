// A history's file in memory, for tests without a permission.

import type { DatabaseSync } from "node:sqlite";
import type { Record } from "../../../lib/chat/history.ts";
import { openFile } from "../../../lib/history/file.ts";
import { SqliteHistory } from "../../../lib/history/sqlite.ts";
import { createMetrics, type Metrics } from "../../../lib/metrics.ts";
import { said } from "../chat/said.ts";

/** A server's history, its database and its counters. */
export interface Opened extends Disposable {
  readonly db: DatabaseSync;
  readonly history: SqliteHistory;
  readonly metrics: Metrics;
  /** Stops the server's history, and leaves the database open for another one. */
  stop(): void;
}

/** Opens a history in memory, or one more on the same database; time stands at `now`. */
export function open(
  { db = openFile(":memory:"), keepDays = 0, now = 0, isNode = false }: {
    db?: DatabaseSync;
    keepDays?: number;
    now?: number;
    isNode?: boolean;
  } = {},
): Opened {
  const metrics = createMetrics();
  const history = new SqliteHistory(db, { keepDays, now: () => now, isNode, metrics });
  const stop = () => {
    const close = db.close;
    db.close = () => undefined;
    history.close();
    db.close = close;
  };
  return { db, history, metrics, stop, [Symbol.dispose]: () => history.close() };
}

/** Where rooms are in tests. */
export const TEA = { id: 2, name: "tea" };
export const LOBBY = { id: 1, name: "lobby" };

/** The record of a room that somebody made. */
export const MADE: Record = {
  kind: "room",
  room: { ...TEA, key: "tea", topic: "", isLocked: false, invited: [] },
};

/** Words in a room. */
export function words(id: number, text: string, room = LOBBY): Record {
  return { kind: "said", message: said({ id, text, room, at: id }) };
}

/** What was said, in its later form: with another text or, without one, taken back. */
export function mended(record: Record, text?: string): Record {
  if (record.kind !== "said") throw new TypeError("only what was said can be mended");
  const { message } = record;
  const mended = text === undefined
    ? { ...message, text: "", deleted: true as const }
    : { ...message, text, edited: true as const };
  return { kind: "mended", message: mended };
}

/** Words from one account to another. */
export function whisper(id: number, from: number, to: number): Record {
  const message = said({
    ...{ id, kind: "private", text: `psst ${id}`, at: id },
    by: { member: 0, account: from },
    to: { member: 0, account: to, name: `name${to}` },
  });
  return { kind: "said", message };
}
