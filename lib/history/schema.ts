// Opens the file that a history is kept in, and brings its tables up to date.

import { DatabaseSync } from "node:sqlite";
import { isFault } from "./faults.ts";
import { type Migration, MIGRATIONS } from "./migrations.ts";
import { pathFault } from "./path_fault.ts";

/** Something is wrong with the file, or with what was asked of it: one sentence with what to do. */
export class HistoryError extends Error {
  override name = "HistoryError";
}

/** How a file is opened. */
export interface OpenOptions {
  /** Whether it is made where there is none. */
  readonly create?: boolean;
}

/** `bobc`, in the file's header: no other program's file is taken for ours. */
const APPLICATION = 0x626f6263;
/** Milliseconds to wait for another program that writes. */
const PATIENCE = 5000;

/** Opens the file, a new one if need be. Throws a `HistoryError`. */
export function openFile(path: string, { create = true }: OpenOptions = {}): DatabaseSync {
  let db: DatabaseSync | undefined;
  try {
    if (!create) Deno.statSync(path);
    db = new DatabaseSync(path);
    db.exec(`PRAGMA busy_timeout = ${PATIENCE}`);
    refuseForeign(db, path);
    // Commits need no fsync in WAL; what is deleted is overwritten with zeros; 8 MiB of pages in memory.
    db.exec(`
      PRAGMA journal_mode = WAL;
      PRAGMA synchronous = NORMAL;
      PRAGMA secure_delete = ON;
      PRAGMA cache_size = -8192;
      PRAGMA journal_size_limit = 4194304;
    `);
    migrate(db, { path });
    return db;
  } catch (error) {
    db?.close();
    if (error instanceof HistoryError) throw error;
    throw new HistoryError(explain(path, error), { cause: error });
  }
}

/** Brings the tables up to date, all steps or none. Throws a `HistoryError` for a newer bobchat's file. */
export function migrate(
  db: DatabaseSync,
  { path, migrations = MIGRATIONS }: { path: string; migrations?: readonly Migration[] },
): void {
  if (version(db) === migrations.length) return;
  try {
    db.exec("BEGIN IMMEDIATE");
    // Read again: another program may have been at it.
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

/** Runs it as one transaction: all of it or, when it throws, nothing. */
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

/** Ends a transaction that failed, unless the failure has ended it already; does not throw. */
function rollBack(db: DatabaseSync): void {
  try {
    if (db.isTransaction) db.exec("ROLLBACK");
  } catch {
    // The error that led here tells more; a transaction that is still open makes the next BEGIN fail,
    // and that is caught, reported and rolled back in turn.
  }
}

function version(db: DatabaseSync): number {
  return Number(db.prepare("PRAGMA user_version").get()?.user_version);
}

function refuseForeign(db: DatabaseSync, path: string): void {
  const application = db.prepare("PRAGMA application_id").get()?.application_id;
  const tables = db.prepare("SELECT count(*) AS count FROM sqlite_schema").get()?.count;
  if (tables === 0 || application === APPLICATION) return;
  throw new HistoryError(`${path} is the database of another program: name another file`);
}

/** What went wrong while opening, for whoever named the file. */
export function explain(path: string, error: unknown): string {
  // The statement itself may stand behind what is wrong with it.
  const why = (error instanceof Error ? error.message : String(error)).replace(
    /(?: in)?\s*\n.*/s,
    "",
  );
  if (error instanceof Deno.errors.NotFound || /unable to open/.test(why)) {
    if (isFolderMissing(path)) {
      return `${path} cannot be made, since its folder does not exist: make the folder first`;
    }
    if (error instanceof Deno.errors.NotFound) return `there is no file ${path}: check its name`;
  }
  if (/unable to open/.test(why) || error instanceof Deno.errors.IsADirectory) {
    return `${path} cannot be opened: check that it is a file, and that you may read and write it and its folder`;
  }
  if (/not a database/.test(why)) return `${path} is no database: name another file`;
  if (/readonly/.test(why) || error instanceof Deno.errors.PermissionDenied) {
    return `${path} may not be written: check the permissions of it and its folder`;
  }
  if (/disk is full/.test(why)) {
    return `${path} cannot be written, since the disk is full: make room, and start again`;
  }
  // What SQLite says as well where a disk is too full for the files beside the file.
  if (/disk I\/O error/.test(why)) {
    return `${path} cannot be kept (${why}): check that its disk has room and works, and start again`;
  }
  if (/locked/.test(why)) {
    return `${path} is in use by another program: try again when that is done`;
  }
  const fault = pathFault(error);
  if (fault !== undefined) return `${path} cannot be opened, since ${fault}`;
  if (/malformed/.test(why) || isFault(error)) {
    return `${path} is damaged (${why}): put a copy in its place`;
  }
  return `${path} cannot be opened (${why}): check the disk, or name another file`;
}

function isFolderMissing(path: string): boolean {
  const folder = path.replace(/[^/\\]*$/, "");
  if (folder === "") return false;
  try {
    return !Deno.statSync(folder).isDirectory;
  } catch (error) {
    return error instanceof Deno.errors.NotFound;
  }
}
