// Copies of the file, each of one moment: for backups, while a server may be running on it, and before the
// file is migrated.

import { backup, type DatabaseSync } from "node:sqlite";
import { log } from "../log.ts";
import { openPrivately } from "../private_file.ts";
import { explain, HistoryError } from "./faults.ts";
import { lockFile, openFile } from "./file.ts";
import { outdated } from "./migrations.ts";

/** Pages that are copied between two reports: 4 MiB. */
const RATE = 1000;

/** Opens a file as it is, of whichever version. Throws a `HistoryError`. */
export function openAsItIs(path: string): DatabaseSync {
  return openFile(path, { create: false, isMigrated: false });
}

/** Copies the file to `to`, a new or an empty file, and reports the percentage so far. Throws SQLite's errors. */
export async function copyTo(
  db: DatabaseSync,
  to: string,
  report: (percent: number) => void,
): Promise<void> {
  // Within a transaction, what others write meanwhile does not make it begin again.
  db.exec("BEGIN");
  try {
    db.prepare("SELECT count(*) FROM sqlite_schema").get();
    await backup(db, to, {
      rate: RATE,
      progress: ({ totalPages, remainingPages }) =>
        report(Math.floor(100 * (1 - remainingPages / Math.max(1, totalPages)))),
    });
  } finally {
    db.exec("COMMIT");
  }
}

/** Whether a file is of an earlier version. Throws a `HistoryError`. */
export function isOutdated(path: string): boolean {
  if (!isThere(path)) return false;
  const db = openAsItIs(path);
  try {
    return outdated(db) !== undefined;
  } finally {
    db.close();
  }
}

/** Copies a file of an earlier version as `keepCopy` does, locked meanwhile. Throws a `HistoryError`. */
export async function keepBeforeMigration(path: string): Promise<void> {
  if (!isOutdated(path)) return;
  using lock = lockFile(path);
  await keepCopy(lock.path);
}

/** If a locked file is of an earlier version, copies it to `PATH.v1` (or the like). Throws a `HistoryError`. */
export async function keepCopy(path: string): Promise<void> {
  if (!isThere(path)) return;
  const db = openAsItIs(path);
  try {
    const version = outdated(db);
    if (version === undefined) return;
    const copy = `${path}.v${version}`;
    const part = `${copy}.part-${crypto.randomUUID()}`;
    try {
      openPrivately(part).close();
      await copyTo(db, part, () => undefined);
      Deno.renameSync(part, copy);
    } catch (error) {
      // SQLite has another file beside it.
      for (const file of [part, `${part}-journal`]) if (isThere(file)) Deno.removeSync(file);
      throw new HistoryError(
        `no copy of ${path} can be kept before it is brought up to date: ${explain(copy, error)}`,
        { cause: error },
      );
    }
    log.info("{path} is brought up to date: {copy} is a copy of it as it was", { path, copy });
  } finally {
    db.close();
  }
}

function isThere(path: string): boolean {
  try {
    return Deno.statSync(path).isFile;
  } catch (error) {
    // Whoever opens the history says what is wrong with its path.
    if (error instanceof Error && "code" in error || error instanceof Deno.errors.NotCapable) {
      return false;
    }
    throw error;
  }
}
