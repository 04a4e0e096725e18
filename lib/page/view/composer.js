// Where one types: Enter sends, Tab completes, the arrow keys bring back what was typed.

/** @import { Talk } from "../state/talk.js" */
import { Completion } from "../typing/completion.js";
import { part, setText } from "./dom.js";
import { Recall } from "../typing/recall.js";
import { COMMANDS } from "../typing/typed.js";

/**
 * @typedef {object} ComposerOptions
 * @property {(text: string) => string} check A sentence about what is typed, where it cannot be sent.
 * @property {(text: string) => string | undefined} onSend Takes what was typed. Returns what may be
 *   recalled of it; nothing where it was not taken.
 * @property {() => readonly string[]} names Those that may be completed.
 * @property {(pages: number) => void} onPage Looks up or down the talk.
 */

/** The composer. */
export class Composer {
  #options;
  #form = part("composer", HTMLFormElement);
  #text = part("text", HTMLTextAreaElement);
  #label = part("text-label", HTMLElement);
  #hint = part("composer-hint", HTMLElement);
  #completion = new Completion();
  #recall = new Recall();
  #talk = /** @type {Talk | undefined} */ (undefined);

  /** @param {ComposerOptions} options */
  constructor(options) {
    this.#options = options;
    this.#form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#send();
    });
    this.#text.addEventListener("input", () => this.#changed());
    this.#text.addEventListener("keydown", (event) => this.#press(event));
  }

  focus() {
    this.#text.focus();
  }

  /**
   * Types into another conversation.
   * @param {Talk} talk
   */
  show(talk) {
    const { title, kind } = talk;
    setText(this.#label, kind === "room" ? `Message to ${title}` : `Private message to ${title}`);
    this.#text.placeholder = this.#label.textContent;
    if (talk === this.#talk) return;
    this.#talk = talk;
    this.#set(talk.draft);
  }

  #send() {
    const kept = this.#options.check(this.#text.value) === ""
      ? this.#options.onSend(this.#text.value)
      : undefined;
    if (kept === undefined) return this.#text.focus();
    this.#recall.add(kept);
    this.#set("");
    this.#text.focus();
  }

  /** @param {KeyboardEvent} event */
  #press(event) {
    // What an input method is still putting together is not typed yet.
    if (event.isComposing || event.altKey || event.ctrlKey || event.metaKey) return;
    const isDone = this.#act(event);
    if (isDone) event.preventDefault();
  }

  /** @param {KeyboardEvent} event */
  #act({ key, shiftKey }) {
    switch (key) {
      case "Enter":
        if (shiftKey) return false;
        this.#send();
        return true;
      case "Tab":
        return !shiftKey && this.#complete();
      case "ArrowUp":
        return !this.#before().includes("\n") && this.#replace(this.#recall.up(this.#text.value));
      case "ArrowDown":
        return !this.#behind().includes("\n") && this.#replace(this.#recall.down());
      case "PageUp":
      case "PageDown":
        this.#options.onPage(key === "PageUp" ? -1 : 1);
        return true;
    }
    return false;
  }

  #complete() {
    const { selectionStart: caret, selectionEnd, value: text } = this.#text;
    if (caret !== selectionEnd) return false;
    const known = { names: this.#options.names(), commands: COMMANDS };
    const completed = this.#completion.next({ text, caret }, known);
    if (completed === undefined) return false;
    this.#set(completed.text);
    this.#text.setSelectionRange(completed.caret, completed.caret);
    return true;
  }

  #before() {
    return this.#text.value.slice(0, this.#text.selectionStart);
  }

  #behind() {
    return this.#text.value.slice(this.#text.selectionEnd);
  }

  /** @param {string | undefined} text */
  #replace(text) {
    if (text === undefined) return false;
    this.#set(text);
    return true;
  }

  /** @param {string} text */
  #set(text) {
    this.#text.value = text;
    this.#changed();
  }

  /** Is as high as what is in it, and says what is wrong with it. */
  #changed() {
    const { style } = this.#text;
    style.height = "auto";
    style.height = `${this.#text.scrollHeight}px`;
    if (this.#talk !== undefined) this.#talk.draft = this.#text.value;
    setText(this.#hint, this.#options.check(this.#text.value));
  }
}
