// The text of --help, made from the tables of commands and options.

import { type CommandName, COMMANDS, DEFAULT, rowOf } from "./commands.ts";
import { flagOf, variableOf } from "./option.ts";

/** The text of `bobchat COMMAND --help`; serve's names the other commands too. */
export function helpText(version: string, name: CommandName = DEFAULT): string {
  const { help, options, notes = [] } = rowOf(name);
  const isDefault = name === DEFAULT;
  const keys = Object.keys(options);
  const example = keys.find((key) => /[A-Z]/.test(key)) ?? keys[0];
  return [
    `bobchat ${version}${isDefault ? "" : ` ${name}`}: ${help}`,
    "",
    ...usage(name).map((way, i) => `${i === 0 ? "Usage:" : "      "} ${way}`),
    "",
    ...columns([
      ...Object.entries(options).map(([key, row]) => {
        const { short, argument, help, fallback, shown } = row;
        const left = `${short ? `-${short},` : "   "} ${flagOf(key)}${
          argument ? ` ${argument}` : ""
        }`;
        const isTold = argument !== undefined && fallback !== undefined && !row.required;
        const value = shown ?? (isTold ? String(fallback) : undefined);
        return [left, help, value ? `(${value})` : ""];
      }),
      ["-h, --help", "show this", ""],
      ["-V, --version", "show the version", ""],
    ]),
    "",
    ...notes.length > 0 ? [...notes, ""] : [],
    ...example === undefined ? [] : [
      `Each option can be set in the environment too: ${flagOf(example)} as ${
        variableOf(example)
      }.`,
    ],
    ...isDefault ? ["", "Other commands, each with a --help of its own:", "", ...others()] : [],
  ].join("\n").trimEnd();
}

/** Each form of a command, with the options that it requires. */
function usage(name: CommandName): string[] {
  const { forms, options } = rowOf(name);
  const rows = Object.entries(options);
  const required = rows.filter(([, row]) => row.required);
  const flags = required.map(([key, { argument }]) => `${flagOf(key)} ${argument}`);
  const rest = rows.length > required.length ? ["[options]"] : [];
  const word = name === DEFAULT ? `[${name}]` : name;
  return forms.map((form) =>
    ["bobchat", word, form, ...flags, ...rest].filter((part) => part !== "").join(" ")
  );
}

function others(): string[] {
  const rest = Object.entries(COMMANDS).filter(([name]) => name !== DEFAULT);
  return columns(rest.map(([name, { help }]) => [name, help]));
}

/** Rows as lines, with each column as wide as its longest entry. */
function columns(rows: readonly string[][]): string[] {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  return rows.map((row) =>
    `  ${row.map((text, column) => text.padEnd(widths[column]!)).join("  ")}`.trimEnd()
  );
}
