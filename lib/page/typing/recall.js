// What was typed before, for the Up and Down keys.

/** Most texts that are kept. */
const MOST = 100;

/** The texts, the last one last. */
export class Recall {
  /** @type {string[]} */
  #texts = [];
  /** How far back from the end; 0: at what is being typed. */
  #back = 0;
  #draft = "";

  /** @param {string} text */
  add(text) {
    this.#back = 0;
    if (text === "" || text === this.#texts.at(-1)) return;
    this.#texts.push(text);
    if (this.#texts.length > MOST) this.#texts.shift();
  }

  /**
   * The text before; nothing where there is none.
   * @param {string} shown what is shown now
   */
  up(shown) {
    if (this.#back >= this.#texts.length) return undefined;
    if (this.#back === 0) this.#draft = shown;
    this.#back++;
    return this.#texts.at(-this.#back);
  }

  /** The text behind; at the end what was being typed. */
  down() {
    if (this.#back === 0) return undefined;
    this.#back--;
    return this.#back === 0 ? this.#draft : this.#texts.at(-this.#back);
  }
}
