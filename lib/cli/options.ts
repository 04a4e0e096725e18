// The one table of serve's options: flags, environment variables, checks and --help all come from it.

import { closestString, parseArgs } from "../std/typed.ts";
import { UsageError } from "./errors.ts";
import * as value from "./values.ts";

/** An option of `bobchat serve`. */
interface Option<T> {
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

type Key = keyof typeof OPTIONS;

/** Everything that `bobchat serve` was told; times in milliseconds, sizes in bytes. */
export type Options = { readonly [K in Key]: (typeof OPTIONS)[K]["fallback"] };

/** What a command line asks for. */
export type Request =
  | { readonly kind: "help" | "version" }
  | { readonly kind: "serve"; readonly options: Options };

/** An option's text, and the flag or variable it came from. */
interface Given {
  readonly text: string;
  readonly name: string;
}

const COMMANDS = ["serve"];
const SWITCHES = ["classic", "help", "version"];
const KEYS = Object.keys(OPTIONS) as Key[];
const FLAGS = new Map(KEYS.map((key) => [key.replace(/[A-Z]/g, "-$&").toLowerCase(), key]));

/** Reads a command line and the environment. Throws a `UsageError` for what is wrong with them. */
export function parseCommandLine(
  args: readonly string[],
  env: (name: string) => string | undefined,
): Request {
  const rows = [...FLAGS].map(([flag, key]) => ({
    flag,
    key,
    row: OPTIONS[key] as Option<unknown>,
  }));
  const texts = rows.filter(({ row }) => row.argument !== undefined).map(({ flag }) => flag);
  const shorts = rows.flatMap(({ flag, row }) => row.short ? [[row.short, flag]] : []);
  // parseArgs takes any text behind a switch for a yes.
  const valued = SWITCHES.find((flag) => args.some((arg) => arg.startsWith(`--${flag}=`)));
  if (valued !== undefined) throw new UsageError(`--${valued} is given alone, without a value`);
  let unknown: string | undefined;
  const parsed = parseArgs(joinNegatives(args), {
    string: [...texts, "_"],
    collect: texts,
    boolean: SWITCHES,
    alias: { ...Object.fromEntries(shorts), h: "help", V: "version" },
    unknown: (arg, key) => {
      if (key !== undefined) unknown ??= arg;
    },
  });
  for (const { flag, row } of rows) {
    const values = parsed[flag];
    if (!Array.isArray(values) || !values.includes("")) continue;
    throw new UsageError(`--${flag} needs a value: --${flag} ${row.argument}`);
  }
  if (unknown !== undefined) throw unknownOption(unknown);
  const [command = "serve", ...strays] = parsed._;
  if (!COMMANDS.includes(command)) throw strayArgument(command);
  if (strays[0] !== undefined) {
    throw new UsageError(
      `${
        JSON.stringify(strays[0])
      } is one word too many: ${command} takes options alone, see bobchat --help`,
    );
  }
  if (parsed.help) return { kind: "help" };
  if (parsed.version) return { kind: "version" };

  const given = new Map<Key, Given>();
  for (const { flag, key, row } of rows) {
    const values = parsed[flag];
    const name = `BOBCHAT_${flag.replaceAll("-", "_").toUpperCase()}`;
    const inEnvironment = env(name);
    if (values === true) given.set(key, { text: "true", name: `--${flag}` });
    else if (Array.isArray(values) && values.length > 0) {
      const text = row.repeatable ? values.join(",") : values.at(-1)!;
      given.set(key, { text, name: `--${flag}` });
    } else if (inEnvironment) given.set(key, { text: inEnvironment, name });
  }
  return { kind: "serve", options: resolve(given) };
}

/** `--rate -1` as `--rate=-1`: a value that is wrong, and no flag. */
function joinNegatives(args: readonly string[]): string[] {
  const joined: string[] = [];
  for (const arg of args) {
    const flag = joined.at(-1) ?? "";
    if (/^-\d/.test(arg) && /^-[a-zA-Z-]+$/.test(flag)) joined.splice(-1, 1, `${flag}=${arg}`);
    else joined.push(arg);
  }
  return joined;
}

function resolve(given: ReadonlyMap<Key, Given>): Options {
  const parse = (key: Key, classic: boolean): unknown => {
    const row = OPTIONS[key] as Option<unknown>;
    const from = given.get(key);
    if (from !== undefined) return row.parse(from.text, from.name);
    return classic ? row.classic ?? row.fallback : row.fallback;
  };
  const classic = parse("classic", false) === true;
  const line = given.get("maxLine");
  if (classic && line !== undefined) {
    throw new UsageError(
      `${line.name} does not go with --classic: v0.1 has no lines, it reads 1024 bytes at a time`,
    );
  }
  const options = Object.fromEntries(KEYS.map((key) => [key, parse(key, classic)])) as Options;
  // A line, cleaned, can take three times its bytes (U+FFFD), and must fit with a name and a time.
  if (options.maxPending < 4 * options.maxLine) {
    throw new UsageError(
      `--max-pending must be at least four times --max-line: ${4 * options.maxLine} bytes or more`,
    );
  }
  return options;
}

function unknownOption(arg: string): UsageError {
  const name = arg.replace(/=.*/s, "");
  const known = [
    ...[...FLAGS.keys(), "help", "version"].map((flag) => `--${flag}`),
    "-p",
    "-H",
    "-h",
    "-V",
  ];
  const closest = closestString(name.slice(0, 30), known);
  return new UsageError(`there is no option ${name}: did you mean ${closest}?`);
}

function strayArgument(arg: string): UsageError {
  const hint = /^\d+(-\d+)?$/.test(arg)
    ? `--port ${arg}`
    : closestString(arg.slice(0, 30), [...COMMANDS, "--help", "--version"]);
  return new UsageError(
    `${JSON.stringify(arg)} is not a command of bobchat: did you mean ${hint}?`,
  );
}

/** The text of `--help`. */
export function helpText(version: string): string {
  const rows = [...FLAGS].map(([flag, key]) => {
    const { short, argument, help, fallback, shown } = OPTIONS[key] as Option<unknown>;
    const left = `${short ? `-${short},` : "   "} --${flag}${argument ? ` ${argument}` : ""}`;
    const value = shown ?? (argument && fallback !== undefined ? String(fallback) : undefined);
    return [left, help, value ? `(${value})` : ""];
  });
  rows.push(["-h, --help", "show this", ""], ["-V, --version", "show the version", ""]);
  const widths = [0, 1].map((column) => Math.max(...rows.map((row) => row[column]!.length)));
  const lines = rows.map(([left = "", help = "", value]) =>
    `  ${left.padEnd(widths[0]!)}  ${help.padEnd(widths[1]!)}  ${value}`.trimEnd()
  );
  return [
    `bobchat ${version}: a chat room in one file`,
    "",
    "Usage: bobchat [serve] [options]",
    "",
    ...lines,
    "",
    "Each option can be set in the environment too: --max-line as BOBCHAT_MAX_LINE.",
  ].join("\n");
}
