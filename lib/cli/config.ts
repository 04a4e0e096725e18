// The file that --config names: options of serve in TOML, under their flags' names.

import { nearest } from "../std/nearest.ts";
import { UsageError } from "../errors.ts";
import { DEFAULT, rowOf } from "./commands.ts";
import { flagOf, type Option, type OptionTable } from "./option.ts";
import type { Given } from "./resolve.ts";
import { asWritten, isTable, type Mistake, readToml } from "./toml.ts";

/** Most characters of a file. */
const LONGEST = 64 * 1024;

/** What a file sets, by the options' keys, and what is wrong in it, in the order of its lines. */
export interface Config {
  readonly given: ReadonlyMap<string, Given>;
  readonly mistakes: readonly Mistake[];
}

/** Reads the text of a file, whose name is for messages. */
export function readConfig(text: string, file: string): Config {
  if (text.length > LONGEST) {
    return {
      given: new Map(),
      mistakes: [{ line: 1, text: `it has more than ${LONGEST} characters` }],
    };
  }
  const { options, removed = {} } = rowOf(DEFAULT);
  const { entries, mistakes } = readToml(text);
  const given = new Map<string, Given>();
  for (const { key: name, value, line } of entries) {
    const key = keyOf(name, options);
    const row = key === undefined ? undefined : options[key];
    const gone = keyOf(name, removed);
    if (key === undefined || row === undefined) {
      const why = gone === undefined ? unknown(name, value, options) : `is gone: ${removed[gone]}`;
      mistakes.push({ line, text: `${asWritten(name)} ${why}` });
      continue;
    }
    if (key === "config") {
      mistakes.push({ line, text: `${name} is for the command line: leave its line out` });
      continue;
    }
    try {
      const text = toText(value, name, row);
      if (text === undefined) continue;
      row.parse(text, name);
      given.set(key, { text, name: `${where(file, line)}: ${name}` });
    } catch (error) {
      if (!(error instanceof UsageError)) throw error;
      mistakes.push({ line, text: error.message });
    }
  }
  return { given, mistakes: mistakes.sort((one, other) => one.line - other.line) };
}

/** `bobchat.toml line 3`. */
export function where(file: string, line: number): string {
  return `${file} line ${line}`;
}

/** The first mistake as a sentence. */
export function firstMistake(file: string, [first, ...more]: readonly Mistake[]): UsageError {
  const others = more.length === 0
    ? ""
    : ` (bobchat check-config ${file} lists ${more.length} more)`;
  return new UsageError(`${where(file, first!.line)}: ${first!.text}${others}`);
}

/** The name of an option in a file: `max-line` for `maxLine`. */
export function nameOf(key: string): string {
  return flagOf(key).slice(2);
}

function keyOf(name: string, table: Readonly<Record<string, unknown>>): string | undefined {
  return Object.keys(table).find((key) => nameOf(key) === name);
}

function unknown(name: string, value: unknown, options: OptionTable): string {
  const names = Object.keys(options).map(nameOf);
  const typed = name.replace(/^-+/, "").replace(/[A-Z]/g, "-$&").replaceAll("_", "-").toLowerCase();
  const near = nearest(typed, names);
  if (near !== undefined) return `is no option: did you mean ${near}?`;
  return isTable(value)
    ? "is a table, and a config file has none: leave its line out"
    : "is no option: bobchat --help lists them";
}

/** A value as it would be typed; undefined for an empty list. */
function toText(value: unknown, name: string, row: Option<unknown>): string | undefined {
  const isSwitch = row.argument === undefined;
  if (Array.isArray(value) && row.repeatable) {
    return value.length === 0 ? undefined : value.map((each) => one(each, name)).join(",");
  }
  if (typeof value === "boolean" && !isSwitch || Array.isArray(value) || isTable(value)) {
    // In a table there may be an address with a password.
    const shown = isTable(value) ? "a table" : JSON.stringify(value);
    throw new UsageError(`${name} takes one value, not ${shown}`);
  }
  return one(value, name);
}

function one(value: unknown, name: string): string {
  if (value === "") throw new UsageError(`${name} has no value: leave its line out`);
  if (["string", "number", "boolean"].includes(typeof value)) return String(value);
  throw new UsageError(`${name} takes a number or a text in quotes`);
}
