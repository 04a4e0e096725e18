// Files that only their owner should read: messages, and the log.

/** Opens a file to read and write; a new one is readable by its owner alone. Throws what Deno throws. */
export function openPrivately(path: string): Deno.FsFile {
  return Deno.openSync(path, { read: true, write: true, create: true, mode: 0o600 });
}

/** Whether others on this machine may read a file, as far as the system knows. */
export function isOpenToOthers(path: string): boolean {
  return ((Deno.statSync(path).mode ?? 0) & 0o077) !== 0;
}
