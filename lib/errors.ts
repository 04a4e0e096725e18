// The two ways a command can go wrong that are the user's to mend.

/** Bad flags, variables or arguments: one sentence, exit code 2. */
export class UsageError extends Error {
  override name = "UsageError";
}

/** bobchat cannot start, or go on, here and now: one sentence, exit code 1. */
export class StartError extends Error {
  override name = "StartError";
}
