// The files that serve reads at the start, and again at SIGHUP.

import { createSecret } from "../auth/secret.ts";
import { sanitize } from "../wire/sanitize.ts";
import { StartError } from "../errors.ts";
import type { Options } from "./options.ts";

/** Most lines of --motd: nobody reads more when they join. */
const MOTD_LINES = 50;

/** The contents of the files. */
export interface Files {
  readonly motd: readonly string[];
  /** Whether a text is the server password; undefined if there is none. */
  readonly opens?: (guess: string) => boolean;
}

/** Reads --motd and --password-file. Throws a `StartError`. */
export function readFiles({ motd, passwordFile }: Options): Files {
  const lines = motd === undefined ? [] : readText("--motd", motd).trimEnd().split(/\r?\n/);
  if (lines.length > MOTD_LINES) {
    throw new StartError(
      `--motd shows ${MOTD_LINES} lines at most, and ${motd} has ${lines.length}`,
    );
  }
  return {
    motd: lines.map(sanitize),
    opens: passwordFile === undefined ? undefined : secret(passwordFile),
  };
}

function secret(path: string): (guess: string) => boolean {
  const [first = ""] = readText("--password-file", path).split(/\r?\n/);
  // Cleaned as it will be when it is typed.
  const password = sanitize(first);
  if (password.trim() === "" || password.startsWith("/")) {
    throw new StartError(
      `the first line of ${path} cannot be a password: it must not be empty or begin with a slash`,
    );
  }
  return createSecret(password);
}

/** Most bytes of a file that a flag or command names: a wrong one at SIGHUP must not fill a server's memory. */
const LONGEST = 1024 * 1024;

/** Reads a file that a flag or command names. Throws a `StartError`. */
export function readText(flag: string, path: string): string {
  const bytes = new Uint8Array(LONGEST + 1);
  let size = 0;
  try {
    using file = Deno.openSync(path);
    for (let count: number | null = 0; count !== null && size <= LONGEST; size += count ?? 0) {
      count = file.readSync(bytes.subarray(size));
    }
  } catch (error) {
    throw new StartError(`cannot read ${path}: give ${flag} the path of a file that you may read`, {
      cause: error,
    });
  }
  if (size <= LONGEST) return new TextDecoder().decode(bytes.subarray(0, size));
  throw new StartError(`${path} has more than ${LONGEST} bytes: give ${flag} the path of another`);
}
