// Parses a command line, the environment and the config file by the tables of commands and options. What is
// wrong becomes one sentence.

import { nearest } from "../std/nearest.ts";
import { parseArgs } from "../std/typed.ts";
import { type Asked, type CommandName, COMMANDS, DEFAULT, isCommand, rowOf } from "./commands.ts";
import { type Config, firstMistake, readConfig } from "./config.ts";
import { UsageError } from "../errors.ts";
import { readText } from "./files.ts";
import { flagOf, type OptionTable, variableOf } from "./option.ts";
import { type Given, resolve } from "./resolve.ts";
import { checkComplete, checkWords, helpOf } from "./words.ts";

/** What a command line asks for. */
export type Request =
  | { readonly kind: "help"; readonly command: CommandName }
  | { readonly kind: "version" }
  | Asked<CommandName>;

/** Switches that every command has. */
const SWITCHES = ["help", "version"];
const SHORTS = { h: "help", V: "version" };

/** What a command line refers to. */
export interface Surroundings {
  /** A variable of the environment. */
  readonly env: (name: string) => string | undefined;
  /** Reads the text of the file that --config names. */
  readonly read?: (path: string) => string;
}

/** Parses a command line, the environment and the config file. Throws a `UsageError` for what is wrong. */
export function parseCommandLine(
  args: readonly string[],
  { env, read = (path) => readText("--config", path) }: Surroundings,
): Request {
  const joined = joinNegatives(args);
  const command = commandIn(joined);
  const { options } = rowOf(command);
  const parsed = parse(joined, { command, options });
  const [first, ...words] = parsed._;
  if (first !== undefined && !isCommand(first)) throw strayArgument(first);
  checkWords(command, words);
  if (parsed.help) return { kind: "help", command };
  if (parsed.version) return { kind: "version" };
  checkComplete(command, words);

  for (const [key, instead] of Object.entries(rowOf(command).removed ?? {})) {
    if (env(variableOf(key))) throw new UsageError(`${variableOf(key)} is gone: ${instead}`);
  }
  const given = new Map<string, Given>();
  for (const [key, { repeatable }] of Object.entries(options)) {
    const flag = flagOf(key), variable = variableOf(key);
    const values = parsed[flag.slice(2)];
    const inEnvironment = env(variable);
    if (values === true) given.set(key, { text: "true", name: flag });
    else if (Array.isArray(values) && values.length > 0) {
      given.set(key, { text: repeatable ? values.join(",") : values.at(-1)!, name: flag });
    } else if (inEnvironment) given.set(key, { text: inEnvironment, name: variable });
  }
  const file = given.get("config")?.text;
  const all = file === undefined ? given : new Map([...inFile(file, read(file)), ...given]);
  return { kind: command, words, options: resolve(command, all) } as Request;
}

/** What a config file sets. */
function inFile(file: string, text: string): Config["given"] {
  const { given, mistakes } = readConfig(text, file);
  if (mistakes.length > 0) throw firstMistake(file, mistakes);
  return given;
}

/** Turns `--rate -1` into `--rate=-1`, so that -1 is a wrong value and not a flag. */
function joinNegatives(args: readonly string[]): string[] {
  const joined: string[] = [];
  for (const arg of args) {
    const flag = joined.at(-1) ?? "";
    if (/^-\d/.test(arg) && /^-(?!-$)[a-zA-Z-]+$/.test(flag)) {
      joined.splice(-1, 1, `${flag}=${arg}`);
    } else joined.push(arg);
  }
  return joined;
}

/** The command: the first word that is no option's value. All tables agree on which options take one. */
function commandIn(args: string[]): CommandName {
  const options = Object.assign({}, ...Object.values(COMMANDS).map(({ options }) => options));
  const [word = DEFAULT] = parseArgs(args, settings(options))._;
  return isCommand(word) ? word : DEFAULT;
}

/** The flags and words of a well-formed command line. */
function parse(
  args: string[],
  { command, options }: { command: CommandName; options: OptionTable },
): ReturnType<typeof parseArgs> {
  const { boolean, ...rest } = settings(options);
  // parseArgs takes any value of a switch for true.
  const valued = boolean.find((flag) => args.some((arg) => arg.startsWith(`--${flag}=`)));
  if (valued !== undefined) throw new UsageError(`--${valued} is given alone, without a value`);
  let unknown: string | undefined;
  const parsed = parseArgs(args, {
    ...rest,
    boolean,
    unknown: (arg, key) => {
      if (key !== undefined) unknown ??= arg;
    },
  });
  for (const [key, { argument }] of Object.entries(options)) {
    const flag = flagOf(key), values = parsed[flag.slice(2)];
    if (!Array.isArray(values) || !values.includes("")) continue;
    // To parseArgs, -port is -p, -o, -r and -t.
    const short = args.find((arg) => /^-[a-z]{2}/i.test(arg));
    if (short !== undefined) throw unknownOption(short, { command, options });
    throw new UsageError(`${flag} needs a value: ${flag} ${argument}`);
  }
  if (unknown !== undefined) throw unknownOption(unknown, { command, options });
  return parsed;
}

/** A table of options in the form that parseArgs takes. */
function settings(options: OptionTable) {
  const rows = Object.entries(options).map(([key, row]) => ({ flag: flagOf(key).slice(2), row }));
  const valued = rows.filter(({ row }) => row.argument !== undefined).map(({ flag }) => flag);
  const alone = rows.filter(({ row }) => row.argument === undefined).map(({ flag }) => flag);
  const shorts = rows.flatMap(({ flag, row }) => row.short ? [[row.short, flag]] : []);
  return {
    string: [...valued, "_"],
    collect: valued,
    boolean: [...alone, ...SWITCHES],
    alias: { ...Object.fromEntries(shorts), ...SHORTS },
  };
}

function unknownOption(
  arg: string,
  { command, options }: { command: CommandName; options: OptionTable },
): UsageError {
  const name = arg.replace(/=.*/s, "");
  for (const [key, instead] of Object.entries(rowOf(command).removed ?? {})) {
    if (name === flagOf(key)) return new UsageError(`${name} is gone: ${instead}`);
  }
  const near = nearestOption(name, options);
  const none = command === DEFAULT ? "there is no option" : `${command} has no option`;
  const hint = near === undefined ? `see ${helpOf(command)}` : `did you mean ${near}?`;
  return new UsageError(`${none} ${name}: ${hint}`);
}

/** The flag that somebody may have meant who typed `--prot`, `-port` or `-v`. */
function nearestOption(name: string, options: OptionTable): string | undefined {
  const { string, boolean, alias } = settings(options);
  if (name.length === 2) {
    const short = Object.keys(alias).find((each) => each.toLowerCase() === name[1]?.toLowerCase());
    return short && `-${short}`;
  }
  const flags = [...string.filter((flag) => flag !== "_"), ...boolean];
  const near = nearest(name.replace(/^--?/, ""), flags);
  return near && `--${near}`;
}

function strayArgument(arg: string): UsageError {
  if (arg.startsWith("-")) {
    return new UsageError(`${arg} stands after --, where no options are: leave out the --`);
  }
  const commands = Object.keys(COMMANDS).filter((name) => !rowOf(name as CommandName).isDrastic);
  const near = /^\d+(-\d+)?$/.test(arg)
    ? `--port ${arg}`
    : SWITCHES.includes(arg)
    ? `--${arg}`
    : nearest(arg, commands);
  const hint = near === undefined ? `see ${helpOf(DEFAULT)}` : `did you mean ${near}?`;
  return new UsageError(`${JSON.stringify(arg)} is not a command of bobchat: ${hint}`);
}
