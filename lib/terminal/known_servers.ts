// The certificates that the user trusts although no authority does: they were asked once, and a certificate that
// changes is refused, as ssh does it. A file has a line for each server.

import { StartError } from "../errors.ts";

/** What is to be decided about a server's certificate. */
export interface Unproven {
  /** The server's address. */
  readonly server: string;
  /** The SHA-256 fingerprint of its certificate. */
  readonly fingerprint: string;
  /** What is wrong with the certificate, in a few words. */
  readonly fault: string;
}

/** Where the file is, and how the user is asked. */
export interface KnownServersOptions {
  /** The file; undefined if the user has no folder for settings. */
  readonly path: string | undefined;
  /** Asks whether to trust a certificate; undefined if nobody can be asked. */
  readonly ask: ((question: string) => boolean) | undefined;
}

/** Most bytes of the file. */
const LONGEST = 1024 * 1024;

/** The servers that were trusted. */
export class KnownServers {
  readonly #path: string | undefined;
  readonly #known: Map<string, string>;
  #ask: KnownServersOptions["ask"];

  /** Reads the file. Throws a `StartError` if it cannot be, or if others may change it. */
  constructor({ path, ask }: KnownServersOptions) {
    this.#path = path;
    this.#ask = ask;
    this.#known = path === undefined ? new Map() : readKnown(path);
  }

  /** From now on certificates that are not known are refused: the terminal is in use, and a server known. */
  askNoMore(): void {
    this.#ask = undefined;
  }

  /** Asks about a certificate that is not known; whether it asked. Throws a `StartError` if it is not trusted. */
  check({ server, fingerprint, fault }: Unproven): boolean {
    const ask = this.#ask;
    const known = this.#known.get(server);
    if (known === fingerprint) return false;
    if (known !== undefined) {
      throw new StartError(
        `the certificate of ${server} is not the one that you trusted, so somebody may be reading ` +
          `along: if its host has made a new one (SHA-256 ${fingerprint}), delete the line of ` +
          `${server} in ${this.#path ?? "the file of them"}`,
      );
    }
    const unknown = `the certificate of ${server} is not known (${fault}; SHA-256 ${fingerprint})`;
    if (ask === undefined) {
      throw new StartError(
        `${unknown}: connect at a terminal once to trust it, give --ca the file of one to trust, ` +
          `or --insecure to trust any`,
      );
    }
    const question = `Nobody vouches for the certificate of ${server}: ${fault}.\n` +
      `This is its SHA-256 fingerprint:\n${fingerprint}\n` +
      "Ask its host whether that is right. Trust it from now on?";
    if (!ask(question)) throw new StartError(`the certificate of ${server} is not trusted`);
    this.#keep(server, fingerprint);
    return true;
  }

  #keep(server: string, fingerprint: string): void {
    this.#known.set(server, fingerprint);
    const path = this.#path;
    if (path === undefined) return;
    try {
      Deno.mkdirSync(path.replace(/[/\\][^/\\]*$/, ""), { recursive: true, mode: 0o700 });
      // Others may add a line at the same time, and an editor may have left out the last line's end.
      Deno.writeTextFileSync(path, `${endLine(path)}${server} ${fingerprint}\n`, {
        append: true,
        mode: 0o600,
      });
    } catch (error) {
      throw new StartError(`cannot write ${path}, where trusted certificates are kept`, {
        cause: error,
      });
    }
  }
}

/** The line end that a file's last line lacks; empty if it has one. */
function endLine(path: string): string {
  try {
    return /[^\n]$/.test(Deno.readTextFileSync(path)) ? "\n" : "";
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return "";
    throw error;
  }
}

function readKnown(path: string): Map<string, string> {
  let text: string;
  try {
    const { mode, size } = Deno.statSync(path);
    if (((mode ?? 0) & 0o022) !== 0) {
      throw new StartError(
        `others may change ${path}, where trusted certificates are kept: chmod 600 it`,
      );
    }
    if (size > LONGEST) throw new StartError(`${path} has more than ${LONGEST} bytes`);
    text = Deno.readTextFileSync(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return new Map();
    if (error instanceof StartError) throw error;
    throw new StartError(`cannot read ${path}, where trusted certificates are kept`, {
      cause: error,
    });
  }
  const lines = text.split("\n").map((line) => line.trim().split(/\s+/));
  return new Map(
    lines.flatMap(([server, fingerprint]): [string, string][] =>
      server && fingerprint && !server.startsWith("#") ? [[server, fingerprint]] : []
    ),
  );
}

/** The file in the folder for settings of a user, by the environment's variables. */
export function knownServersPath(env: (name: string) => string | undefined): string | undefined {
  const config = env("XDG_CONFIG_HOME"), home = env("HOME"), windows = env("APPDATA");
  // A relative folder is to be ignored.
  const folder = config?.startsWith("/")
    ? config
    : home?.startsWith("/")
    ? `${home}/.config`
    : windows;
  return folder && `${folder}/bobchat/known_servers`;
}
