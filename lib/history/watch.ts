// The file under a running server: SQLite goes on with one that was deleted, moved or replaced as if
// nothing had happened, and nobody would find it again.

/** Why a file may not be written just now, as a sentence's part; undefined: it may. */
export type Watch = () => string | undefined;

/**
 * Watches the file that is at a path now. One in /dev or its like cannot be watched: a server that has given
 * up a permission may not look there any more.
 */
export function watchFile(path: string): Watch {
  const { dev, ino } = Deno.statSync(path);
  return () => {
    try {
      const now = Deno.statSync(path);
      return now.dev === dev && now.ino === ino
        ? undefined
        : `${path} is another file now: put back the one that was there`;
    } catch (error) {
      if (error instanceof Deno.errors.NotCapable) return undefined;
      const why = error instanceof Error ? error.message : String(error);
      return error instanceof Deno.errors.NotFound
        ? `${path} is not there any more: put it back`
        : `${path} cannot be looked at: ${why}`;
    }
  };
}
