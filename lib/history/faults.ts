// What counts as the fault of a file, or of the disk it is on: it is reported, and nothing else ends.
// Any other error is a bug, and is to be seen.

/** The file has what bobchat never wrote. */
export class DamageError extends Error {
  override name = "DamageError";
}

/** Whether SQLite, or what was read through it, failed for what the disk or the file is like. */
export function isFault(error: unknown): error is Error {
  if (!(error instanceof Error)) return false;
  if (error instanceof DamageError) return true;
  // A number that was never one of ours is out of JavaScript's range.
  return "code" in error &&
    (error.code === "ERR_SQLITE_ERROR" || error.code === "ERR_OUT_OF_RANGE");
}
