// Tab completion of the word before the cursor: a command, or the name of somebody here.

import { TABLE } from "../chat/commands/table.ts";
import { fold } from "../chat/names.ts";

/** The word to complete, and its possible completions. */
export interface Completion {
  readonly word: string;
  readonly choices: string[];
}

/** Completes the last word before the cursor; a name at the start of the line addresses that person. */
export function complete(line: string, names: readonly string[]): Completion {
  const [word = ""] = /\S*$/.exec(line) ?? [];
  const isFirst = word.length === line.length;
  if (isFirst && word.startsWith("/")) {
    const commands = [...TABLE.keys()].map((name) => `/${name} `);
    return { word, choices: commands.filter((name) => name.startsWith(word.toLowerCase())) };
  }
  const at = word.startsWith("@") ? "@" : "";
  const key = fold(word.slice(at.length));
  const like = word === "" ? [] : names.filter((name) => fold(name).startsWith(key)).sort();
  return { word, choices: like.map((name) => `${at}${name}${isFirst ? ": " : " "}`) };
}

/** The longest common start of the choices. */
export function sharedStart(choices: readonly string[]): string {
  const [first = "", ...others] = choices;
  let length = first.length;
  for (const other of others) while (!other.startsWith(first.slice(0, length))) length--;
  return first.slice(0, length);
}
