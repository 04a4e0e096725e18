// What a shell has to know of the commands to complete them, from the tables of commands and options.

import { type CommandName, COMMANDS, rowOf } from "../commands.ts";
import { flagOf } from "../option.ts";

/** What follows a flag or a command: nothing, one of some words, a file, or any text. */
export type Kind = "nothing" | "words" | "file" | "text";

/** A flag, with both its names. */
export interface Flag {
  readonly long: string;
  readonly short?: string;
  readonly help: string;
  /** What stands for its value in --help. */
  readonly argument: string;
  readonly kind: Kind;
  readonly words: readonly string[];
  readonly isRepeatable: boolean;
}

/** A command. */
export interface Described {
  readonly name: CommandName;
  readonly help: string;
  readonly flags: readonly Flag[];
  /** What its first word is, and the words if it is one of some. */
  readonly kind: Kind;
  readonly words: readonly string[];
}

/** Words in --help that stand for a file. */
const FILES = ["FILE", "PATH", "TO"];
const ALWAYS: readonly Flag[] = [
  { long: "--help", short: "-h", help: "show this", ...valueOf(undefined), isRepeatable: false },
  {
    ...{ long: "--version", short: "-V", help: "show the version" },
    ...{ ...valueOf(undefined), isRepeatable: false },
  },
];

/** Every command. */
export function describe(): Described[] {
  return (Object.keys(COMMANDS) as CommandName[]).map((name) => {
    const { help, forms, options } = rowOf(name);
    const firsts = forms.flatMap((form) => form.split(" ").slice(0, 1)).filter((word) => word);
    const words = firsts.filter((word) => /^[a-z]+$/.test(word));
    const kind = words.length > 0
      ? "words"
      : firsts.length === 0
      ? "nothing"
      : firsts.some((word) => FILES.includes(word))
      ? "file"
      : "text";
    const flags = Object.entries(options).map(([key, row]): Flag => ({
      long: flagOf(key),
      ...row.short === undefined ? {} : { short: `-${row.short}` },
      help: row.help,
      ...valueOf(row.argument, row.parse.words),
      isRepeatable: row.repeatable === true,
    }));
    return { name, help, kind, words, flags: [...flags, ...ALWAYS] };
  });
}

function valueOf(
  argument = "",
  words: readonly string[] = [],
): Pick<Flag, "argument" | "kind" | "words"> {
  const kind = argument === ""
    ? "nothing"
    : words.length > 0
    ? "words"
    : FILES.includes(argument)
    ? "file"
    : "text";
  return { argument, kind, words };
}

/** Both names of flags, in the order of the table. */
export function namesOf(flags: readonly Flag[]): string[] {
  return flags.flatMap(({ long, short }) => short === undefined ? [long] : [short, long]);
}

/** A text in single quotes, as all three shells read it. */
export function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
