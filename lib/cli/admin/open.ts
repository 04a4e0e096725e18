// The file that a server keeps, opened for one command: the server may be running on it meanwhile.

import type { DatabaseSync } from "node:sqlite";
import { isFault } from "../../history/faults.ts";
import { lockFile } from "../../history/file.ts";
import { HistoryError } from "../../history/faults.ts";
import { openFile } from "../../history/file.ts";
import { StartError } from "../../errors.ts";

/** Which file it is. */
export interface Which {
  readonly history: string;
}

/** Works on the file, and closes it. Throws a `StartError` for what is wrong with it. */
export async function withFile<T>(
  { history }: Which,
  work: (db: DatabaseSync) => T | Promise<T>,
): Promise<T> {
  return await explained(history, () => use(history, work));
}

/** The same with no server on it meanwhile; it is made where there is none. */
export async function withLockedFile<T>(
  { history }: Which,
  work: (db: DatabaseSync) => T | Promise<T>,
): Promise<T> {
  return await explained(history, async () => {
    using lock = lockFile(history);
    return await use(lock.path, work);
  });
}

async function use<T>(path: string, work: (db: DatabaseSync) => T | Promise<T>): Promise<T> {
  const db = openFile(path, { create: false });
  try {
    return await work(db);
  } finally {
    db.close();
  }
}

async function explained<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof HistoryError) throw new StartError(error.message, { cause: error });
    // What else fails is a bug.
    if (!isFault(error)) throw error;
    throw new StartError(
      `${path} cannot be worked on (${error.message}): check the disk, or put a copy in its place`,
      { cause: error },
    );
  }
}
