// Files that are nobody else's business: what was said, and the log of it.

/** Opens a file to read and write; a new one only its owner may read. Throws what Deno throws. */
export function openPrivately(path: string): Deno.FsFile {
  return Deno.openSync(path, { read: true, write: true, create: true, mode: 0o600 });
}

/** Whether others on this machine may read a file, as far as the system knows. */
export function isOpenToOthers(path: string): boolean {
  return ((Deno.statSync(path).mode ?? 0) & 0o077) !== 0;
}
