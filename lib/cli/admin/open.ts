// Opens the history file for one command, maybe while a server is running on it.

import type { DatabaseSync } from "node:sqlite";
import { isOutdated, keepCopy } from "../../history/backup.ts";
import { explain, isFault } from "../../history/faults.ts";
import { lockFile, openFile } from "../../history/file.ts";
import { StartError } from "../../errors.ts";

/** Which file to open. */
export interface Which {
  readonly history: string;
}

/** Opens the file, works on it and closes it. Throws a `StartError` if something is wrong with it. */
export async function withFile<T>(
  { history }: Which,
  work: (db: DatabaseSync) => T | Promise<T>,
): Promise<T> {
  return await explained(history, async () => {
    if (!isOutdated(history)) return await use(history, work);
    // An older server could not go on with a file that was brought up to date under it.
    return await withLockedFile({ history }, work);
  });
}

/** The same while no server is running on the file, which is made if there is none. */
export async function withLockedFile<T>(
  { history }: Which,
  work: (db: DatabaseSync) => T | Promise<T>,
): Promise<T> {
  return await explained(history, async () => {
    using lock = lockFile(history);
    await keepCopy(lock.path);
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

/** Runs work on a file. Throws a `StartError` if something is wrong with it. */
export async function explained<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!isFault(error)) throw error;
    throw new StartError(explain(path, error), { cause: error });
  }
}
