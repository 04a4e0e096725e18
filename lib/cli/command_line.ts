// A command line and the environment, read by the table of options; what is wrong is one sentence.

import { closestString, parseArgs } from "../std/typed.ts";
import { UsageError } from "./errors.ts";
import { FLAGS, type Key, type Option, OPTIONS, type Options } from "./options.ts";

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
  const options = Object.fromEntries(
    FLAGS.values().map((key) => [key, parse(key, classic)]),
  ) as Options;
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
