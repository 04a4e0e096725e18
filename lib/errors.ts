// The two kinds of error that a command's user can fix, and what a failed write to stdout is.

/** Bad flags, variables or arguments: one sentence, exit code 2. */
export class UsageError extends Error {
  override name = "UsageError";
}

/** bobchat cannot start, or go on, here and now: one sentence, exit code 1. */
export class StartError extends Error {
  override name = "StartError";
}

/** A failed write to stdout as a `StartError`; the error of a closed pipe is returned unchanged. */
export function unwritable(error: unknown): unknown {
  if (!(error instanceof Error) || error instanceof Deno.errors.BrokenPipe) return error;
  return new StartError(`stdout cannot be written: ${error.message}`, { cause: error });
}
