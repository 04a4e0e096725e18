// Tab: completes a name or a command, and the next one at the next Tab.

import { fold } from "../state/names.js";

/**
 * A text with the caret in it.
 * @typedef {{ text: string, caret: number }} Typing
 */

const NOTHING = { text: "", caret: 0 };

/** Goes through what a word may become. */
export class Completion {
  /** @type {{ head: string, tail: string, words: readonly string[], at: number, shown: Typing } | undefined} */
  #round;

  /**
   * The text with the word at the caret completed; nothing where there is nothing to complete.
   * @param {Typing} typing
   * @param {{ names: readonly string[], commands: readonly string[] }} known
   * @returns {Typing | undefined}
   */
  next({ text, caret }, known) {
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

/**
 * @param {string} before
 * @param {string} tail
 * @param {{ names: readonly string[], commands: readonly string[] }} known
 */
function begin(before, tail, { names, commands }) {
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

/**
 * @param {string} begun
 * @param {readonly string[]} words
 */
function startingWith(begun, words) {
  return words.filter((word) => fold(word).startsWith(fold(begun)));
}
