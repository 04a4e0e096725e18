// The file of a history: opens it, locks it against a second server, watches it while it is used, and looks
// after the write-ahead log beside it.

import { DatabaseSync } from "node:sqlite";
import { log } from "../log.ts";
import { isOpenToOthers, openPrivately } from "../private_file.ts";
import { explain, HistoryError } from "./faults.ts";
import { APPLICATION, migrate } from "./migrations.ts";

/** Options of opening a file. */
export interface OpenOptions {
  /** Whether to make the file if there is none. */
  readonly create?: boolean;
  /** Whether to bring its tables up to date. */
  readonly isMigrated?: boolean;
}

/** Milliseconds to wait for another program that writes. */
const PATIENCE = 5000;

/** Opens the file, or makes it. Throws a `HistoryError`. */
export function openFile(
  path: string,
  { create = true, isMigrated = true }: OpenOptions = {},
): DatabaseSync {
  let db: DatabaseSync | undefined;
  try {
    if (!create) Deno.statSync(path);
    db = new DatabaseSync(path);
    db.exec(`PRAGMA busy_timeout = ${PATIENCE}`);
    refuseForeign(db, path);
    // Commits need no fsync in WAL; deleted data is overwritten with zeros; 8 MiB of pages in memory.
    db.exec(`
      PRAGMA journal_mode = WAL;
      PRAGMA synchronous = NORMAL;
      PRAGMA secure_delete = ON;
      PRAGMA cache_size = -8192;
      PRAGMA journal_size_limit = 4194304;
    `);
    if (isMigrated) migrate(db, { path });
    return db;
  } catch (error) {
    db?.close();
    if (error instanceof HistoryError) throw error;
    throw new HistoryError(explain(path, error), { cause: error });
  }
}

/** A file that one server keeps; disposing closes it, and another server may then keep it. */
export interface KeptFile extends Disposable {
  readonly db: DatabaseSync;
  /** Its path without symbolic links. */
  readonly path: string;
  readonly watch: Watch;
}

/** Opens the file, or makes it, for the one server that keeps it. Throws a `HistoryError`. */
export function openForServer(path: string): KeptFile {
  const lock = lockFile(path);
  let db: DatabaseSync | undefined;
  const close = () => {
    db?.close();
    lock[Symbol.dispose]();
  };
  try {
    db = openFile(lock.path);
    if (isOpenToOthers(path)) {
      log.warn("others on this machine may read {path}: chmod 600 keeps it to you", { path });
    }
    return { db, path: lock.path, watch: watchFile(path), [Symbol.dispose]: close };
  } catch (error) {
    close();
    throw error;
  }
}

function refuseForeign(db: DatabaseSync, path: string): void {
  const application = db.prepare("PRAGMA application_id").get()?.application_id;
  const tables = db.prepare("SELECT count(*) AS count FROM sqlite_schema").get()?.count;
  if (tables === 0 || application === APPLICATION) return;
  throw new HistoryError(`${path} is the database of another program: name another file`);
}

/** A locked file. */
export interface FileLock extends Disposable {
  /** Its path without symbolic links. */
  readonly path: string;
}

/**
 * Locks the file for a server, or makes it, until it is disposed of or the process ends. Lock it before
 * SQLite opens the file, and unlock it after SQLite has closed it: a process that closes a file loses the
 * locks that SQLite has on it. Throws a `HistoryError`.
 */
export function lockFile(path: string): FileLock {
  const lock = openLock(path);
  if (!lock.file.statSync().isFile) {
    lock.file.close();
    // SQLite would make files beside a device.
    throw new HistoryError(`${path} is no ordinary file: name another`);
  }
  if (lock.file.tryLockSync(true)) {
    return { path: lock.path, [Symbol.dispose]: () => lock.file.close() };
  }
  lock.file.close();
  throw new HistoryError(
    `${path} is in use by another server: stop that one, or name another file`,
  );
}

/** Opens what is locked: on Linux the file itself; elsewhere a file beside it, or SQLite could not use it. */
function openLock(path: string): { file: Deno.FsFile; path: string } {
  try {
    const file = openPrivately(path);
    const real = Deno.realPathSync(path);
    if (Deno.build.os === "linux") return { file, path: real };
    file.close();
    return { file: openPrivately(`${real}.lock`), path: real };
  } catch (error) {
    throw new HistoryError(explain(path, error), { cause: error });
  }
}

// If the file is deleted, moved or replaced, SQLite goes on as if nothing had happened, and what it writes
// cannot be found again.

/** Why the file may not be written now, as part of a sentence; undefined if it may. */
export type Watch = () => string | undefined;

/**
 * Watches the file that is now at a path. One in /dev or the like cannot be watched: a server that has given
 * up its permissions may not look there any more.
 */
export function watchFile(path: string): Watch {
  const { dev, ino } = Deno.statSync(path);
  return () => {
    try {
      const now = Deno.statSync(path);
      return now.dev === dev && now.ino === ino
        ? undefined
        : `${path} is another file now: put back the one that was there`;
    } catch (error) {
      if (error instanceof Deno.errors.NotCapable) return undefined;
      const why = error instanceof Error ? error.message : String(error);
      return error instanceof Deno.errors.NotFound
        ? `${path} is not there any more: put it back`
        : `${path} cannot be looked at: ${why}`;
    }
  };
}

// While another program reads, SQLite can only make the write-ahead log longer, and it never gets shorter by
// itself. And if the log is deleted or replaced, SQLite goes on as if nothing had happened: what is only
// there is lost with the process.

/** Most bytes of the log that are left as they are. */
const LONGEST = 8 * 1024 * 1024;

/** The write-ahead log of an open file. */
export class Wal {
  readonly #db: DatabaseSync;
  readonly #path: string;
  #files = "";

  constructor(db: DatabaseSync, path: string) {
    this.#db = db;
    this.#path = path;
    this.#files = this.#look().files;
  }

  /** Makes the log anew if it is gone or replaced; shortens it if nobody needs it. Throws if the disk fails. */
  tick(): void {
    const { files, size } = this.#look();
    if (files !== this.#files) this.#renew();
    else if (size > LONGEST) this.shorten();
  }

  #renew(): void {
    this.#unwaited("PRAGMA journal_mode = DELETE; PRAGMA journal_mode = WAL");
    // The log exists only once something was read.
    this.#db.prepare("SELECT count(*) FROM highest").get();
    this.#files = this.#look().files;
    log.warn(
      "the files beside {path} were deleted or replaced: what they had is written to {path} now",
      { path: this.#path },
    );
  }

  /** Empties the log, if nobody needs it. */
  shorten(): void {
    const { log, checkpointed } = this.#db.prepare("PRAGMA wal_checkpoint(PASSIVE)").get() ?? {};
    if (log === checkpointed) this.#unwaited("PRAGMA wal_checkpoint(TRUNCATE)");
  }

  /** Runs a statement without waiting for other programs. */
  #unwaited(sql: string): void {
    const { timeout } = this.#db.prepare("PRAGMA busy_timeout").get() ?? {};
    try {
      this.#db.exec(`PRAGMA busy_timeout = 0; ${sql}`);
    } finally {
      this.#db.exec(`PRAGMA busy_timeout = ${timeout}`);
    }
  }

  /** The identities of the files, as one text; and the log's bytes. */
  #look(): { files: string; size: number } {
    try {
      return this.#find();
    } catch (error) {
      if (!(error instanceof Deno.errors.NotCapable)) throw error;
      // In /dev and the like the server may not look without its permissions: it may be long.
      return { files: this.#files, size: Infinity };
    }
  }

  #find(): { files: string; size: number } {
    const found = ["-wal", "-shm"].map((end) => {
      try {
        return Deno.statSync(this.#path + end);
      } catch (error) {
        // Other faults are reported by the watch of the file itself.
        if (error instanceof Error && "code" in error) return undefined;
        throw error;
      }
    });
    const files = found.map((info) => `${info?.dev} ${info?.ino}`).join();
    return { files, size: found[0]?.size ?? 0 };
  }
}
