// The file that a server keeps, opened for one command: the server may be running on it meanwhile.

import type { DatabaseSync } from "node:sqlite";
import { HistoryError, openFile } from "../../history/schema.ts";
import { StartError } from "../errors.ts";

/** Where the file is, and whether it is made where there is none. */
export interface Which {
  readonly history: string;
  readonly create?: boolean;
}

/** Works on the file, and closes it. Throws a `StartError` for what is wrong with it. */
export async function withFile<T>(
  { history, create = false }: Which,
  work: (db: DatabaseSync) => T | Promise<T>,
): Promise<T> {
  let db: DatabaseSync | undefined;
  try {
    db = openFile(history, { create });
    return await work(db);
  } catch (error) {
    if (error instanceof HistoryError) throw new StartError(error.message, { cause: error });
    if (!isDiskFault(error)) throw error;
    throw new StartError(
      `${history} cannot be worked on (${error.message}): check the disk, and try again`,
      {
        cause: error,
      },
    );
  } finally {
    db?.close();
  }
}

/** A full disk, say, or a program that keeps the file locked; what else fails is a bug. */
function isDiskFault(error: unknown): error is Error {
  return error instanceof Error && "code" in error && error.code === "ERR_SQLITE_ERROR";
}
