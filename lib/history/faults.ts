// Faults of the file and its disk: which errors are faults, how to explain them, and how the room goes on
// meanwhile. Each fault is counted, and logged at most once a minute. Any other error is a bug.

import { StartError } from "../errors.ts";
import { log } from "../log.ts";
import { counter, type Metrics } from "../metrics.ts";

/** Failed reads and writes. */
export const ERRORS = counter(
  "bobchat_history_errors_total",
  "Reads and writes of the history that have failed.",
);

/** The file contains something that bobchat never wrote. */
export class DamageError extends Error {
  override name = "DamageError";
}

/** Whether an error of SQLite, or of reading its data, comes from the disk or the file. */
export function isFault(error: unknown): error is Error {
  if (!(error instanceof Error)) return false;
  if (error instanceof DamageError) return true;
  // A number too large for JavaScript, which bobchat never wrote.
  return "code" in error &&
    (error.code === "ERR_SQLITE_ERROR" || error.code === "ERR_OUT_OF_RANGE");
}

/** Something is wrong with the file, or with a request: the message is one sentence with what to do. */
export class HistoryError extends StartError {
  override name = "HistoryError";
}

/** What to do about each fault, by the system's error code. */
const FAULTS: Readonly<Record<string, string>> = {
  ENOENT: "its folder does not exist: make the folder first",
  ENOTDIR: "its folder is a file: name another path",
  EISDIR: "it is a folder: name a file",
  EACCES: "you may not write there: check the permissions of it and its folder",
  EPERM: "you may not write there: check the permissions of it and its folder",
  EROFS: "its file system is read-only: name a path on another",
  ENOSPC: "its disk is full: make room, or name a path on another",
  EMFILE: "too many files are open: raise the limit (ulimit -n)",
  ELOOP: "its symbolic links go round in a circle: name the file itself",
  ENAMETOOLONG: "its name is too long: name a shorter one",
};

/** Deno refuses /dev, /proc and the like to programs without all permissions. */
const OUT_OF_BOUNDS = "Deno lets bobchat use no file in that folder: name one in another";

/** What is wrong and what to do, to end a sentence with after "since"; undefined for other errors. */
export function pathFault(error: unknown): string | undefined {
  if (error instanceof Deno.errors.NotCapable) return OUT_OF_BOUNDS;
  return error instanceof Error && "code" in error ? FAULTS[String(error.code)] : undefined;
}

/** What went wrong while opening a file, for the user who named it. */
export function explain(path: string, error: unknown): string {
  // The message may end with the statement itself.
  const why = (error instanceof Error ? error.message : String(error))
    .replace(/(?: in)?\s*\n.*/s, "");
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
  // SQLite says this also if the disk is too full for the files beside the database.
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

/** Runs work at the start: a fault becomes a `HistoryError` for the user who named the file. */
export function explained<T>(path: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (!isFault(error)) throw error;
    throw new HistoryError(explain(path, error), { cause: error });
  }
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

/** Milliseconds between two log lines; and until a disk counts as well again after a failed read. */
const COMPLAIN = 60_000, WELL_AGAIN = 60_000;

/** Options of the disk. */
export interface DiskOptions {
  readonly metrics: Metrics;
  /** Why writing is not allowed now, though the disk would take it; undefined if it is. */
  readonly away?: () => string | undefined;
}

/** Runs work that fails when the disk does. */
export class Disk {
  readonly #options: DiskOptions;
  #trouble: string | undefined;
  #isAway = false;
  #readTrouble: string | undefined;
  #failedToReadAt = -Infinity;
  #complainedAt = { read: -Infinity, write: -Infinity };
  #failedReads = 0;

  constructor(options: DiskOptions) {
    this.#options = options;
  }

  /** Why the last write failed; undefined if it did not. */
  get trouble(): string | undefined {
    return this.#trouble;
  }

  /** Why a read failed within the last minute. */
  get readTrouble(): string | undefined {
    const isWell = performance.now() - this.#failedToReadAt > WELL_AGAIN;
    return isWell ? undefined : this.#readTrouble;
  }

  /** How many reads have failed so far. */
  get failedReads(): number {
    return this.#failedReads;
  }

  /** Checks whether the file may be written, without writing. */
  look(): void {
    const why = this.#options.away?.();
    if (why !== undefined) this.#failedToWrite(why);
    else if (this.#isAway) this.#trouble = undefined;
    this.#isAway = why !== undefined;
  }

  /** Runs a write; returns whether it succeeded. */
  write(work: () => void): boolean {
    this.look();
    if (this.#isAway) return false;
    try {
      work();
      this.#trouble = undefined;
      return true;
    } catch (error) {
      this.#failedToWrite(this.#reason(error));
      return false;
    }
  }

  /** Runs a read, or work that can wait; returns `otherwise` if the disk fails. */
  read<T>(work: () => T, otherwise: T): T {
    try {
      return work();
    } catch (error) {
      this.failedToRead(error);
      return otherwise;
    }
  }

  /** Counts and logs a failed read, and returns why. Throws an error that is not the disk's fault. */
  failedToRead(error: unknown): string {
    const reason = this.#readTrouble = this.#reason(error);
    this.#failedReads++;
    this.#failedToReadAt = performance.now();
    this.#complain("read", "the history's file fails ({reason})", reason);
    return reason;
  }

  #failedToWrite(reason: string): void {
    this.#trouble = reason;
    this.#complain(
      "write",
      "the history cannot be written ({reason}): what is said waits in memory",
      reason,
    );
  }

  #reason(error: unknown): string {
    if (!isFault(error)) throw error;
    this.#options.metrics.add(ERRORS);
    return error.message;
  }

  #complain(what: "read" | "write", text: string, reason: string): void {
    if (performance.now() - this.#complainedAt[what] < COMPLAIN) return;
    this.#complainedAt[what] = performance.now();
    log.error(text, { reason });
  }
}
