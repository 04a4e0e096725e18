// Tab completion of the word before the cursor: a command, or the name of somebody who was seen.

import { TABLE } from "../chat/commands/table.ts";
import { fold, isName } from "../chat/names.ts";
import type { Heard } from "../wire/heard.ts";

/** Most names that are remembered. */
const MOST_NAMES = 500;
/** Characters of the longest notice with names: a hundred of them, with `, ` and ` (away)`. */
const LONGEST = 8192;

/** The names of people who were seen and are not known to have left. */
export class People {
  readonly #names = new Map<string, string>();

  /** Notes the names in a line. */
  heard(line: Heard): void {
    if (line.kind === "private") this.#add(line.from, line.to);
    else if (line.kind === "message" || line.kind === "action") this.#add(line.from);
    else if (line.kind === "notice" && line.text.length <= LONGEST) this.#told(line.text);
  }

  /** Names that begin like this, in any case, sorted. */
  like(start: string): string[] {
    const key = fold(start);
    const found = [...this.#names].filter(([name]) => name.startsWith(key));
    return found.map(([, name]) => name).sort();
  }

  #told(text: string): void {
    const [, before, after] = /^(\S+) is now (\S+)$/.exec(text) ?? [];
    if (before !== undefined && after !== undefined) {
      this.#names.delete(fold(before));
      this.#add(after);
    }
    const coming = / \(\d+ here\)$/.test(text) ? text.replace(/ \([^(]*$/, "") : "";
    const [, list, what] = /^(.+?) (joined|left)(?:: |$)/.exec(coming) ?? [];
    if (what === "joined") this.#add(...namesIn(list));
    else for (const name of namesIn(list)) this.#names.delete(fold(name));
    const here = /(?:^|[.)] )(?:Here|In #\S+)(?: \([1-9]\d*\))?: (.*?)\.?$/.exec(text)?.[1];
    this.#add(...namesIn(here));
  }

  #add(...names: string[]): void {
    for (const name of names) {
      this.#names.delete(fold(name));
      this.#names.set(fold(name), name);
      const [oldest] = this.#names.keys();
      if (this.#names.size > MOST_NAMES && oldest !== undefined) this.#names.delete(oldest);
    }
  }
}

/** The names in `ann, bob (away) and 3 more`. */
function namesIn(list = ""): string[] {
  const names = list.replace(/ and \d+ more$/, "").split(", ");
  return names.map((name) => name.replace(/ \(away\)$/, "")).filter((name) => isName(name, 20));
}

/** The word to complete, and its possible completions. */
export interface Completion {
  readonly word: string;
  readonly choices: string[];
}

/** Completes the last word before the cursor; a name at the start of the line addresses that person. */
export function complete(
  line: string,
  { people, self }: { people: People; self: string | undefined },
): Completion {
  const [word = ""] = /\S*$/.exec(line) ?? [];
  const isFirst = word.length === line.length;
  if (isFirst && word.startsWith("/")) {
    const commands = [...TABLE.keys()].map((name) => `/${name} `);
    return { word, choices: commands.filter((name) => name.startsWith(word.toLowerCase())) };
  }
  const at = word.startsWith("@") ? "@" : "";
  const like = word === "" ? [] : people.like(word.slice(at.length));
  const names = like.filter((name) => name !== self);
  return { word, choices: names.map((name) => `${at}${name}${isFirst ? ": " : " "}`) };
}

/** The longest common start of the choices. */
export function sharedStart(choices: readonly string[]): string {
  const [first = "", ...others] = choices;
  let length = first.length;
  for (const other of others) while (!other.startsWith(first.slice(0, length))) length--;
  return first.slice(0, length);
}
