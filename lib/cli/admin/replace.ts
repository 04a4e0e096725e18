// Writes a file so that it is there as a whole or not at all, readable by its owner alone.

import { StartError } from "../../errors.ts";
import { pathFault } from "../../history/faults.ts";
import { beforeStop } from "../signals.ts";

/** What must not be replaced, and what the user calls the path. */
export interface ReplaceOptions {
  readonly not: string;
  readonly name: string;
}

/** Writes a temporary file beside `path`, and replaces it at the end. Throws a `StartError`. */
export async function replaceFile<T>(
  path: string,
  options: ReplaceOptions,
  write: (file: Deno.FsFile, part: string) => Promise<T>,
): Promise<T> {
  const { name } = options;
  const part = `${path}.part-${crypto.randomUUID()}`;
  // SQLite has another file beside it.
  const remove = () => [part, `${part}-journal`].forEach(removeIfThere);
  const fail = (error: unknown) => {
    const fault = pathFault(error);
    const why = error instanceof Error ? error.message : String(error);
    return new StartError(
      fault === undefined
        ? `cannot write ${path} (${why}): give ${name} a path where you may write`
        : `cannot write ${path}, since ${fault}`,
      { cause: error },
    );
  };
  try {
    refuseOthers(path, options);
    using _ = beforeStop(remove);
    using file = Deno.openSync(part, { write: true, createNew: true, mode: 0o600 });
    const written = await write(file, part);
    await file.sync();
    await Deno.rename(part, path);
    return written;
  } catch (error) {
    remove();
    throw isOfTheSystem(error) ? fail(error) : error;
  }
}

function removeIfThere(path: string): void {
  try {
    Deno.removeSync(path);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}

/** What a history's path ends in, and those of the files that SQLite has beside it. */
const ENDS = ["", "-wal", "-shm", "-journal"];

/** Refuses to replace what is no ordinary file, or belongs to the history that is read. */
function refuseOthers(path: string, { not: history, name }: ReplaceOptions): void {
  const there = lookAt(path);
  if (there === undefined) return;
  if (!there.isFile) throw new StartError(`${path} is no file: give ${name} the path of one`);
  const real = Deno.realPathSync(history);
  for (const end of ENDS) {
    const own = lookAt(real + end);
    if (own === undefined || own.dev !== there.dev || own.ino !== there.ino) continue;
    const what = end === "" ? "the history itself" : "a part of the history";
    throw new StartError(`${path} is ${what}: give ${name} another path`);
  }
}

function lookAt(path: string): Deno.FileInfo | undefined {
  try {
    return Deno.statSync(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}

/** Whether an error is the system's: a full disk, say. */
function isOfTheSystem(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code !== "ERR_SQLITE_ERROR" ||
    Object.values(Deno.errors).some((kind) => error instanceof kind);
}
