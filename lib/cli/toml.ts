// TOML by std's parser, statement by statement: so each key, and each mistake, has its line.

import { parseToml } from "../std/typed.ts";

/** Something that is wrong in a file, and its line, counted from 1. */
export interface Mistake {
  readonly line: number;
  readonly text: string;
}

/** A key at the top of a file, with its value and the line that it begins in. */
export interface Entry {
  readonly key: string;
  readonly value: unknown;
  readonly line: number;
}

/** Most lines that are left out to find further mistakes after them. */
const MOST_MISTAKES = 20;
/** Most characters that are parsed in search of the ends of statements: a text that never ends would take minutes. */
const MOST_TRIED = 4_000_000;

/** The keys at the top of a file, in the order of their lines, and the lines that are no TOML. */
export function readToml(text: string): { entries: Entry[]; mistakes: Mistake[] } {
  const lines = text.replace(/^\uFEFF/, "").split(/\r?\n/);
  const entries = new Map<string, Entry>(), mistakes: Mistake[] = [];
  let begin = 0, isInTable = false;
  const left = { characters: MOST_TRIED };
  while (begin < lines.length && mistakes.length < MOST_MISTAKES) {
    const { values, end } = statement(lines, begin, left);
    const line = begin + 1, isHeader = /^\s*\[/.test(lines[begin]!);
    if (values === undefined) mistakes.push({ line, text: whatIsWrong(lines[begin]!) });
    for (const [key, value] of isInTable && !isHeader ? [] : Object.entries(values ?? {})) {
      const first = entries.get(key);
      if (first === undefined) entries.set(key, { key, value, line });
      else if (!isTable(first.value) || !isTable(value)) {
        mistakes.push({ line, text: `${asWritten(key)} is set in line ${first.line} already` });
      }
    }
    isInTable ||= isHeader;
    begin = end;
  }
  return { entries: [...entries.values()], mistakes };
}

/** A key as it is written: in quotes, if it may have what a terminal would obey. */
export function asWritten(key: string): string {
  return /^[\w-]+$/.test(key) ? key : JSON.stringify(key);
}

/** Whether a value is a table. */
export function isTable(value: unknown): boolean {
  return typeof value === "object" && value !== null && !Array.isArray(value) &&
    !(value instanceof Date);
}

/** In a line of a statement that goes on in further lines, and in its last: a text or a list. */
const OPENS = /"""|'''|\[/, CLOSES = /"""|'''|\]/;

/**
 * What the statement that begins in a line sets, and where the next begins; no values if the line is no TOML.
 * `left` counts the characters that may still be tried as more lines than one.
 */
function statement(lines: readonly string[], begin: number, left: { characters: number }) {
  const next = begin + 1;
  const last = OPENS.test(lines[begin]!) ? lines.length : next;
  for (let end = next; end <= last; end++) {
    if (end > next && (left.characters <= 0 || !CLOSES.test(lines[end - 1]!))) continue;
    const text = lines.slice(begin, end).join("\n");
    if (end > next) left.characters -= text.length;
    const values = parsed(text);
    if (values !== undefined) return { values, end };
  }
  return { values: undefined, end: next };
}

function parsed(text: string): Record<string, unknown> | undefined {
  try {
    return parseToml(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function whatIsWrong(line: string): string {
  const [, key, value] = /^\s*([\w-]+)\s*=\s*([^\s"'[{#][^"'#]*?)\s*(?:#.*)?$/.exec(line) ?? [];
  return value === undefined
    ? 'this is not TOML: an option is a line such as max-line = 2048 or motd = "motd.txt"'
    // It may be an address with a password.
    : `a text stands in quotes: ${key} = ${value.includes("@") ? '"..."' : JSON.stringify(value)}`;
}
