// The two kinds of error that a command's user can fix.

/** Bad flags, variables or arguments: one sentence, exit code 2. */
export class UsageError extends Error {
  override name = "UsageError";
}

/** bobchat cannot start, or go on, here and now: one sentence, exit code 1. */
export class StartError extends Error {
  override name = "StartError";
}
