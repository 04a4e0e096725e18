// Keeps the write-ahead log short: as long as another program reads, SQLite can only make it longer, and
// afterwards it would stay as long as it became.

import type { DatabaseSync } from "node:sqlite";

/** Longest that it stays, in bytes. */
const LONGEST = 8 * 1024 * 1024;

/** Shortens the write-ahead log of a file if it is long, and nobody needs it. Throws for a disk's fault. */
export function shortenWal(db: DatabaseSync, path: string): void {
  if (sizeOf(`${path}-wal`) <= LONGEST) return;
  const { log, checkpointed } = db.prepare("PRAGMA wal_checkpoint(PASSIVE)").get() ?? {};
  if (log !== checkpointed) return;
  const { timeout } = db.prepare("PRAGMA busy_timeout").get() ?? {};
  try {
    // Whoever reads again by now is not waited for.
    db.exec("PRAGMA busy_timeout = 0; PRAGMA wal_checkpoint(TRUNCATE)");
  } finally {
    db.exec(`PRAGMA busy_timeout = ${timeout}`);
  }
}

function sizeOf(path: string): number {
  try {
    return Deno.statSync(path).size;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return 0;
    // In /dev and its like nobody may look who has given up a permission: it may be long.
    if (error instanceof Deno.errors.NotCapable) return Infinity;
    throw error;
  }
}
