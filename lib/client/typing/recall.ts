// Earlier texts, for the Up and Down keys, and to search in.

/** Most texts that are kept. */
const MOST = 100;

/** The texts that were sent, oldest first. */
export class Recall {
  #texts: string[] = [];
  /** How far back from the end; 0 is the text being typed. */
  #back = 0;
  #draft = "";

  /** Whether an earlier text is shown. */
  get isBack(): boolean {
    return this.#back > 0;
  }

  add(text: string): void {
    this.#back = 0;
    if (text === "" || text === this.#texts.at(-1)) return;
    this.#texts.push(text);
    if (this.#texts.length > MOST) this.#texts.shift();
  }

  /** The text before the one that is shown; undefined if there is none. */
  up(shown: string): string | undefined {
    if (this.#back >= this.#texts.length) return undefined;
    if (this.#back === 0) this.#draft = shown;
    this.#back++;
    return this.#texts.at(-this.#back);
  }

  /** The text after the one that is shown; at the end the one being typed. */
  down(): string | undefined {
    if (this.#back === 0) return undefined;
    this.#back--;
    return this.#back === 0 ? this.#draft : this.#texts.at(-this.#back);
  }

  /** The text with these words that was sent last; or `back` such texts before it. */
  find(words: string, back = 0): string | undefined {
    if (words === "") return undefined;
    const found = this.#texts.filter((text) => text.includes(words));
    return found.at(-1 - back);
  }
}
