// The two kinds of error that a command's user can fix, and what failures of stdin and stdout are.

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

/** A failed read of stdin as a `StartError`. */
export function unreadable(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  return new StartError(`stdin cannot be read: ${error.message}`, { cause: error });
}
