// TOML by std's parser, with the lines that it does not tell: of each key, and of each mistake.

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

/** Most lines that are left out to find further mistakes behind them. */
const MOST_MISTAKES = 20;

/** The keys at the top of a file, in the order of their lines, and the lines that are no TOML. */
export function readToml(text: string): { entries: Entry[]; mistakes: Mistake[] } {
  const lines = text.replace(/^\uFEFF/, "").split(/\r?\n/);
  const mistakes: Mistake[] = [];
  let values = parsed(lines);
  while (values === undefined && mistakes.length < MOST_MISTAKES) {
    const at = firstWrong(lines);
    mistakes.push({ line: at + 1, text: whatIsWrong(lines[at]!) });
    lines[at] = "";
    values = parsed(lines);
  }
  const entries = Object.entries(values ?? {}).map(([key, value]) => {
    const [first = 0, second] = linesOf(key, lines);
    if (second !== undefined && !isTable(value)) {
      mistakes.push({ line: second + 1, text: `${key} is set in line ${first + 1} already` });
    }
    return { key, value, line: first + 1 };
  });
  return {
    entries: entries.sort((one, other) => one.line - other.line),
    mistakes,
  };
}

/** Whether a value is a table. */
export function isTable(value: unknown): boolean {
  return typeof value === "object" && value !== null && !Array.isArray(value) &&
    !(value instanceof Date);
}

function parsed(lines: readonly string[]): Record<string, unknown> | undefined {
  try {
    return parseToml(lines.join("\n"));
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** The first line of the first statement that does not parse: all before it do. */
function firstWrong(lines: readonly string[]): number {
  let end = lines.length - 1;
  while (end > 0 && parsed(lines.slice(0, end)) === undefined) end--;
  return end;
}

/** The lines in which a key is set. Within a text of several lines, what stands before does not parse. */
function linesOf(key: string, lines: readonly string[]): number[] {
  const name = `["']?${key.replace(/[^\w-]/g, "\\$&")}["']?`;
  const pattern = new RegExp(`^\\s*(?:${name}\\s*[.=]|\\[+\\s*${name}\\s*[.\\]])`);
  return lines.flatMap((line, i) =>
    pattern.test(line) && parsed(lines.slice(0, i)) !== undefined ? [i] : []
  );
}

function whatIsWrong(line: string): string {
  const [, key, value] = /^\s*([\w-]+)\s*=\s*([^\s"'[{#][^"'#]*?)\s*(?:#.*)?$/.exec(line) ?? [];
  return value === undefined
    ? 'this is not TOML: an option is a line such as max-line = 2048 or motd = "motd.txt"'
    : `a text stands in quotes: ${key} = ${value.includes("@") ? '"..."' : JSON.stringify(value)}`;
}
