// How commands read what stands behind their names.

import { unseenIn } from "../names.ts";
import { NAME_LENGTH } from "../rooms.ts";

/** The first word, and what follows it. */
export function firstWord(text: string): [word: string, rest: string] {
  const [, word = "", rest = ""] = /^(\S*)\s*(.*)$/s.exec(text) ?? [];
  return [word, rest];
}

/** That there is no such room: what somebody typed is bounded before it is repeated. */
export function noRoom(name: string): string {
  const advice = unseenIn(name, NAME_LENGTH) || ": /rooms lists them";
  return `There is no room ${name.slice(0, 31).toWellFormed()}${advice}.`;
}

/** That nobody bears a name, which is what somebody typed: bounded before it is repeated. */
export function nobody(name: string): string {
  return `Nobody here is called ${name.slice(0, 20).toWellFormed()}${unseenIn(name, 20)}.`;
}
