// One server to a file: two would give the same numbers to different messages.

import { pathFault } from "./path_fault.ts";
import { HistoryError } from "./schema.ts";

/** Holds the file for a server, until it is disposed of or the process ends. Throws a `HistoryError`. */
export function lockFile(path: string): Disposable {
  const file = openLock(`${path}.lock`, path);
  if (file.tryLockSync(true)) return file;
  file.close();
  throw new HistoryError(`${path} is kept by another server: stop that, or name another file`);
}

function openLock(lock: string, path: string): Deno.FsFile {
  try {
    return Deno.openSync(lock, { write: true, create: true });
  } catch (error) {
    throw new HistoryError(`${path} cannot be kept, since ${pathFault(error)}`, { cause: error });
  }
}
