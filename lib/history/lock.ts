// One server to a file, whatever its name: two would give the same numbers to different messages.

import { openPrivately } from "../private_file.ts";
import { pathFault } from "./path_fault.ts";
import { HistoryError } from "./schema.ts";

/** A file that is held. */
export interface FileLock extends Disposable {
  /** Where it is, without symbolic links. */
  readonly path: string;
}

/**
 * Holds the file for a server, a new one if need be, until it is disposed of or the process ends. Take it
 * before SQLite opens the file, and give it up after SQLite has closed it: a process that closes a file
 * loses what SQLite has locked of it. Throws a `HistoryError`.
 */
export function lockFile(path: string): FileLock {
  const lock = open(path);
  if (lock.file.tryLockSync(true)) {
    return { path: lock.path, [Symbol.dispose]: () => lock.file.close() };
  }
  lock.file.close();
  throw new HistoryError(`${path} is kept by another server: stop that, or name another file`);
}

/** What is locked: on Linux the file itself, of which a hard link is no other; elsewhere SQLite could not work on it then. */
function open(path: string): { file: Deno.FsFile; path: string } {
  try {
    const file = openPrivately(path);
    const real = Deno.realPathSync(path);
    if (Deno.build.os === "linux") return { file, path: real };
    file.close();
    return { file: openPrivately(`${real}.lock`), path: real };
  } catch (error) {
    const why = pathFault(error) ?? (error instanceof Error ? error.message : String(error));
    throw new HistoryError(`${path} cannot be kept, since ${why}`, { cause: error });
  }
}
