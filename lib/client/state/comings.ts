// Who came to a room and who left it within a minute: one line of its log, which grows while nothing else is
// said.

import type { Coming } from "../frames.ts";

/** Milliseconds that one line covers, and most sentences that it stands for. */
const SPAN = 60_000, MOST = 200;
/** Most names that are listed; of more, `FEW` are and the others are counted. */
const MOST_NAMED = 3, FEW = 2;

/** What became of people, in the order in which it is told: by the first and the last of their changes. */
const OUTCOMES = {
  "joined joined": "joined",
  "left left": "left",
  "joined left": "joined and left",
  "left joined": "left and came back",
} as const;

/** One line. */
export class Comings {
  readonly #begun: number;
  /** The first and the last change of each person. */
  readonly #people = new Map<string, { readonly first: string; readonly last: string }>();
  #isCrowd = false;
  /** The server's sentences, which have all names, last words and numbers. */
  readonly sentences: string[] = [];

  /** A line that begins at this time (epoch milliseconds). */
  constructor(begun: number) {
    this.#begun = begun;
  }

  /** Whether what happens at this time still belongs to it. */
  covers(at: number): boolean {
    return at - this.#begun < SPAN && this.sentences.length < MOST;
  }

  /** Somebody has come or left, as the sentence says. */
  add(coming: Coming, sentence: string): void {
    this.sentences.push(sentence);
    if (coming.type === "crowd") {
      this.#isCrowd = true;
      return;
    }
    const { name, type: last } = coming;
    this.#people.set(name, { first: this.#people.get(name)?.first ?? last, last });
  }

  /** The line: one sentence as it is, several in short. */
  get text(): string {
    const [only = "", ...more] = this.sentences;
    if (more.length === 0) return only;
    const byOutcome = Map.groupBy(this.#people, ([, { first, last }]) => `${first} ${last}`);
    const parts = Object.entries(OUTCOMES).flatMap(([key, outcome]) => {
      const people = byOutcome.get(key) ?? [];
      return people.length === 0 ? [] : [`${list(people.map(([name]) => name))} ${outcome}`];
    });
    const crowd = parts.length === 0 ? "Many" : "many others";
    return [...parts, ...this.#isCrowd ? [`${crowd} joined or left`] : []].join("; ");
  }
}

function list(names: readonly string[]): string {
  const named = names.length <= MOST_NAMED ? names.slice(0, -1) : names.slice(0, FEW);
  const last = names.length <= MOST_NAMED ? names.at(-1) : `${names.length - FEW} more`;
  return named.length === 0 ? `${last}` : `${named.join(", ")} and ${last}`;
}
