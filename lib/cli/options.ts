// The one table of serve's options: flags, environment variables, checks and --help all come from it.

import * as value from "./values.ts";

/** An option of `bobchat serve`. */
export interface Option<T> {
  readonly short?: string;
  /** What stands for the value in --help; none: a switch. */
  readonly argument?: string;
  readonly help: string;
  /** The value when nothing is given, and how --help shows it. */
  readonly fallback: T;
  readonly shown?: string;
  /** The value under --classic when nothing is given, where it differs: v0.1 knew no limits. */
  readonly classic?: T;
  readonly repeatable?: true;
  readonly parse: value.Parse<T>;
}

/** Lets each row have a type of its own. */
function option<T>(row: Option<T>): Option<T> {
  return row;
}

const ONE_DAY = 24 * 60 * 60; // seconds
const KIB = 1024, MIB = 1024 * KIB;

/** Keys are the flags' names in camel case: `maxLine` is `--max-line` and `BOBCHAT_MAX_LINE`. */
export const OPTIONS = {
  port: option<number[]>({
    short: "p",
    argument: "PORT|FROM-TO",
    help: "TCP port(s), repeatable; 0 takes a free one",
    fallback: [7777],
    shown: "7777",
    repeatable: true,
    parse: value.ports,
  }),
  host: option<string[]>({
    short: "H",
    argument: "ADDR",
    help: "address to bind, repeatable",
    fallback: [],
    shown: "every one, IPv6 too",
    repeatable: true,
    parse: value.hosts,
  }),
  classic: option({
    help: "speak Bob Chat v0.1 exactly",
    fallback: false,
    parse: value.yesOrNo,
  }),
  maxLine: option({
    argument: "BYTES",
    help: "longest line",
    fallback: 1024,
    parse: value.size({ min: 16, max: 64 * KIB }),
  }),
  maxClients: option({
    argument: "N",
    help: "most connections at once",
    fallback: 10000,
    classic: Infinity,
    parse: value.number({ min: 1, max: 1_000_000 }),
  }),
  maxPerAddress: option({
    argument: "N",
    help: "most from one address; 0: any",
    fallback: 0,
    parse: value.number({ min: 0, max: 1_000_000 }),
  }),
  maxPending: option({
    argument: "BYTES",
    help: "most that may wait for a slow reader",
    fallback: MIB,
    shown: "1 MiB",
    parse: value.size({ min: 4 * KIB, max: 1024 * MIB }),
  }),
  writeTimeout: option({
    argument: "SEC",
    help: "longest a write may make no progress",
    fallback: 30_000,
    shown: "30",
    classic: 0,
    parse: value.seconds({ min: 0.1, max: ONE_DAY }),
  }),
  rate: option({
    argument: "N",
    help: "messages a second a connection may send; 0: any",
    fallback: 10,
    classic: 0,
    parse: value.number({ min: 0, max: 1_000_000, fraction: true }),
  }),
  burst: option({
    argument: "N",
    help: "messages it may send at once before that",
    fallback: 40,
    parse: value.number({ min: 1, max: 1_000_000 }),
  }),
  idleTimeout: option({
    argument: "SEC",
    help: "drop a connection silent for so long; 0: never",
    fallback: 0,
    parse: value.seconds({ min: 0, max: 365 * ONE_DAY }),
  }),
  logLevel: option<"debug" | "info" | "warning" | "error">({
    argument: "LEVEL",
    help: "debug | info | warning | error",
    fallback: "info",
    parse: value.oneOf("debug", "info", "warning", "error"),
  }),
  logFormat: option<"text" | "json">({
    argument: "FORMAT",
    help: "text | json",
    fallback: "text",
    parse: value.oneOf("text", "json"),
  }),
  logFile: option<string | undefined>({
    argument: "PATH",
    help: "log to a file that rotates, instead of stderr",
    fallback: undefined,
    parse: value.anyText,
  }),
};

/** An option's name in the code. */
export type Key = keyof typeof OPTIONS;

/** Everything that `bobchat serve` was told; times in milliseconds, sizes in bytes. */
export type Options = { readonly [K in Key]: (typeof OPTIONS)[K]["fallback"] };

/** Flags as they are typed, without the dashes, and the options they stand for. */
export const FLAGS: ReadonlyMap<string, Key> = new Map(
  (Object.keys(OPTIONS) as Key[]).map((key) => [
    key.replace(/[A-Z]/g, "-$&").toLowerCase(),
    key,
  ]),
);
