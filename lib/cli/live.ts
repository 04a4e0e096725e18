// The options that SIGHUP changes in a running server: read again, compared with those in force, and taken
// over where that is possible.

import { log, setLogLevel } from "../log.ts";
import type { IntakeLimits } from "../net/intake.ts";
import type { OpenLimits } from "../net/open_connections.ts";
import { type Files, readFiles } from "./files.ts";
import { flagOf, type OptionTable } from "./option.ts";
import { OPTIONS, type Options } from "./options.ts";
import { StartError, UsageError } from "../errors.ts";

type Limits = IntakeLimits & OpenLimits;
type Changeable<T> = { -readonly [K in keyof T]: T[K] };

/** Options that may change while the server runs. */
export class LiveOptions {
  /** Read anew whenever they are needed. */
  readonly limits: Limits;
  /** Read anew for each newcomer. */
  readonly motd: readonly string[];
  /** Checks the server password that is in force; undefined if there is none. */
  readonly opens: Files["opens"];
  readonly #limits: Changeable<Limits>;
  readonly #motd: string[];
  #options: Options;
  #files: Files;

  constructor(options: Options) {
    this.#options = options;
    this.#files = readFiles(options);
    this.limits = this.#limits = limitsOf(options);
    this.motd = this.#motd = [...this.#files.motd];
    this.opens = this.#files.opens && ((guess) => this.#files.opens!(guess));
  }

  /** The options in force. */
  get options(): Options {
    return this.#options;
  }

  /** Reads the options and their files again, takes over what can change, and logs what has and what cannot. */
  reload(reread: () => Options): void {
    try {
      const options = reread();
      const { taken, kept } = compare(this.#options, options);
      const next = { ...this.#options, ...taken };
      const files = readFiles(next);
      this.#options = next;
      Object.assign(this.#limits, limitsOf(next));
      this.#motd.splice(0, Infinity, ...files.motd);
      this.#files = files;
      setLogLevel(next.logLevel);
      tell(Object.keys(taken), kept);
    } catch (error) {
      if (!(error instanceof UsageError || error instanceof StartError)) throw error;
      log.error("SIGHUP: all options stay as they were: {why}", { why: error.message });
    }
  }
}

function limitsOf(options: Options): Changeable<Limits> {
  const { maxClients, maxPerAddress, maxDevices, maxPending } = options;
  const { writeTimeout, idleTimeout, rate, burst } = options;
  return {
    ...{ maxClients, maxPerAddress, maxDevices, maxPending },
    ...{ writeTimeout, idleTimeout, rate, burst },
  };
}

/** The options that differ: those that can be taken over, and the keys of the others. */
function compare(old: Options, now: Options): { taken: Partial<Options>; kept: string[] } {
  const table: OptionTable = OPTIONS;
  const taken: Record<string, unknown> = {}, kept: string[] = [];
  for (const key of Object.keys(OPTIONS) as (keyof Options)[]) {
    const before = old[key], after = now[key];
    if (JSON.stringify(before) === JSON.stringify(after)) continue;
    const isSet = before !== undefined && after !== undefined;
    const { reloads } = table[key]!;
    if (reloads === "always" || reloads === "while set" && isSet) taken[key] = after;
    else kept.push(key);
  }
  return { taken, kept };
}

function tell(taken: readonly string[], kept: readonly string[]): void {
  log.info("SIGHUP: options and files were read again");
  for (const key of taken) log.info("SIGHUP: {flag} has changed", { flag: flagOf(key) });
  for (const key of kept) {
    log.warn("SIGHUP: {flag} changes only with a restart", { flag: flagOf(key) });
  }
}
