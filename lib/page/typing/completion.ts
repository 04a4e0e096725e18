// Tab: completes a name or a command, and the next one at the next Tab.

import { fold } from "../state/names.ts";

/** A text with the caret in it. */
export interface Draft {
  readonly text: string;
  readonly caret: number;
}

/** What a word may become. */
export interface Known {
  readonly names: readonly string[];
  readonly commands: readonly string[];
}

/** The words that one may become, in their order, and how far through them one is. */
interface Round {
  readonly head: string;
  readonly tail: string;
  readonly words: readonly string[];
  at: number;
  shown: Draft;
}

const NOTHING: Draft = { text: "", caret: 0 };

/** Goes through what a word may become. */
export class Completion {
  #round: Round | undefined;

  /** The text with the word at the caret completed; nothing where there is nothing to complete. */
  next({ text, caret }: Draft, known: Known): Draft | undefined {
    const shown = this.#round?.shown;
    const isGoingOn = text === shown?.text && caret === shown.caret;
    if (!isGoingOn) this.#round = begin(text.slice(0, caret), text.slice(caret), known);
    const round = this.#round;
    if (round === undefined) return undefined;
    const word = round.words[round.at++ % round.words.length] ?? "";
    round.shown = { text: round.head + word + round.tail, caret: round.head.length + word.length };
    return round.shown;
  }
}

function begin(before: string, tail: string, { names, commands }: Known): Round | undefined {
  // Split, since a search for the last word goes through a long text once for each of its letters.
  const begun = before.split(/[\s@]/u).at(-1) ?? "";
  const head = before.slice(0, before.length - begun.length);
  if (begun === "" || begun === "/") return undefined;
  const isFirst = head === "" || head === "@";
  const words = head === "" && begun.startsWith("/")
    ? startingWith(begun.slice(1), commands).map((command) => `/${command} `)
    // At the beginning a name is whom one speaks to.
    : startingWith(begun, names).map((name) => isFirst ? `${name}: ` : `${name} `);
  return words.length === 0 ? undefined : { head, tail, words, at: 0, shown: NOTHING };
}

function startingWith(begun: string, words: readonly string[]): string[] {
  return words.filter((word) => fold(word).startsWith(fold(begun)));
}
