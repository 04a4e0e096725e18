// Tab completion of a name or a command; Tab again shows the next choice.

import { fold } from "../state/names.ts";

/** A text with its caret. */
export interface Draft {
  readonly text: string;
  readonly caret: number;
}

/** The names and commands that can be completed. */
export interface Known {
  readonly names: readonly string[];
  readonly commands: readonly string[];
}

/** The choices for a word, in order, and the one that is shown. */
interface Round {
  readonly head: string;
  readonly tail: string;
  readonly words: readonly string[];
  at: number;
  shown: Draft;
}

const NOTHING: Draft = { text: "", caret: 0 };

/** Completes words. */
export class Completion {
  #round: Round | undefined;

  /** The text with the word at the caret completed; undefined if there is nothing to complete. */
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
  // Split: a regular expression for the last word would go through a long text once for each of its letters.
  const begun = before.split(/[\s@]/u).at(-1) ?? "";
  const head = before.slice(0, before.length - begun.length);
  if (begun === "" || begun === "/") return undefined;
  const isFirst = head === "" || head === "@";
  const words = head === "" && begun.startsWith("/")
    ? startingWith(begun.slice(1), commands).map((command) => `/${command} `)
    // At the start of a text, a name addresses that person.
    : startingWith(begun, names).map((name) => isFirst ? `${name}: ` : `${name} `);
  return words.length === 0 ? undefined : { head, tail, words, at: 0, shown: NOTHING };
}

function startingWith(begun: string, words: readonly string[]): string[] {
  return words.filter((word) => fold(word).startsWith(fold(begun)));
}
