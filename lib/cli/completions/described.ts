// What a shell has to know of the commands to complete them, from the tables of commands and options.

import { type CommandName, COMMANDS, rowOf } from "../commands.ts";
import { flagOf, type Option } from "../option.ts";

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

/** Every command. */
export function describe(): Described[] {
  return (Object.keys(COMMANDS) as CommandName[]).map((name) => {
    const { help, forms, options } = rowOf(name);
    const firsts = forms.flatMap((form) => form.split(" ").slice(0, 1)).filter((word) => word);
    const words = firsts.filter((word) => /^[a-z]+$/.test(word));
    const flags = Object.entries(options).map(([key, row]) => describeFlag(flagOf(key), row));
    return { name, help, kind: kindOf(firsts, words), words, flags: [...flags, ...ALWAYS] };
  });
}

type FlagRow = Pick<Option<unknown>, "short" | "help" | "argument" | "repeatable"> & {
  readonly parse?: Option<unknown>["parse"];
};

function describeFlag(long: string, row: FlagRow): Flag {
  const { short, help, argument = "", repeatable = false, parse } = row;
  const words = parse?.words ?? [];
  return {
    ...{ long, help, argument, words, isRepeatable: repeatable },
    ...short !== undefined && { short: `-${short}` },
    kind: kindOf(argument === "" ? [] : [argument], words),
  };
}

/** What is typed in the place of these words of --help; `words` are those to be typed as they are. */
function kindOf(places: readonly string[], words: readonly string[]): Kind {
  if (words.length > 0) return "words";
  if (places.length === 0) return "nothing";
  return places.some((place) => FILES.includes(place)) ? "file" : "text";
}

/** The flags of every command. */
const ALWAYS: readonly Flag[] = [
  describeFlag("--help", { short: "h", help: "show this" }),
  describeFlag("--version", { short: "V", help: "show the version" }),
];

/** Both names of flags, in the order of the table. */
export function namesOf(flags: readonly Flag[]): string[] {
  return flags.flatMap(({ long, short }) => short === undefined ? [long] : [short, long]);
}

/** A text in single quotes, as all three shells read it. */
export function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
