/// <reference lib="dom" />
// The field for typing: Enter sends, Tab completes, the arrow keys recall earlier texts.

import type { Conversation } from "../state/conversation.ts";
import { Completion, type Known } from "../typing/completion.ts";
import { part, setText } from "./dom.ts";
import { isComposing } from "./keys.ts";
import { Recall } from "../typing/recall.ts";

/** Options of the composer. */
export interface ComposerOptions {
  /** Why a text cannot be sent, as a sentence; empty if it can. */
  readonly check: (text: string) => string;
  /** Sends a text. Returns what may be recalled of it; undefined if it was not taken. */
  readonly onSend: (text: string) => string | undefined;
  /** The names and commands that can be completed. */
  readonly known: () => Known;
  /** Scrolls the log by pages. */
  readonly onPage: (pages: number) => void;
}

/** The composer. */
export class Composer {
  readonly #options: ComposerOptions;
  readonly #form = part("composer", HTMLFormElement);
  readonly #text = part("text", HTMLTextAreaElement);
  readonly #label = part("text-label", HTMLElement);
  readonly #hint = part("composer-hint", HTMLElement);
  readonly #completion = new Completion();
  readonly #recall = new Recall();
  #conversation: Conversation | undefined;

  constructor(options: ComposerOptions) {
    this.#options = options;
    this.#form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#send();
    });
    this.#text.addEventListener("input", () => this.#changed());
    this.#text.addEventListener("keydown", (event) => this.#press(event));
  }

  focus(): void {
    this.#text.focus();
  }

  /** Shows the draft of another conversation. */
  show(conversation: Conversation): void {
    const { title, kind } = conversation;
    setText(this.#label, kind === "room" ? `Message to ${title}` : `Private message to ${title}`);
    this.#text.placeholder = this.#label.textContent;
    // A text may have come back meanwhile.
    if (conversation === this.#conversation && conversation.draft === this.#text.value) return;
    this.#conversation = conversation;
    this.#set(conversation.draft);
  }

  #send(): void {
    const kept = this.#options.check(this.#text.value) === ""
      ? this.#options.onSend(this.#text.value)
      : undefined;
    if (kept === undefined) return this.#text.focus();
    this.#recall.add(kept);
    this.#set("");
    this.#text.focus();
  }

  #press(event: KeyboardEvent): void {
    // Keys of an input method that is still composing are not typed text.
    if (isComposing(event) || event.altKey || event.ctrlKey || event.metaKey) return;
    const isDone = this.#act(event);
    if (isDone) event.preventDefault();
  }

  #act({ key, shiftKey }: KeyboardEvent): boolean {
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

  #complete(): boolean {
    const { selectionStart: caret, selectionEnd, value: text } = this.#text;
    if (caret !== selectionEnd) return false;
    const completed = this.#completion.next({ text, caret }, this.#options.known());
    if (completed === undefined) return false;
    this.#set(completed.text);
    this.#text.setSelectionRange(completed.caret, completed.caret);
    return true;
  }

  #before(): string {
    return this.#text.value.slice(0, this.#text.selectionStart);
  }

  #behind(): string {
    return this.#text.value.slice(this.#text.selectionEnd);
  }

  #replace(text: string | undefined): boolean {
    if (text === undefined) return false;
    this.#set(text);
    return true;
  }

  #set(text: string): void {
    this.#text.value = text;
    this.#changed();
  }

  /** Adapts the height to the text, and shows what is wrong with it. */
  #changed(): void {
    const { style } = this.#text;
    style.height = "auto";
    style.height = `${this.#text.scrollHeight}px`;
    if (this.#conversation !== undefined) this.#conversation.draft = this.#text.value;
    setText(this.#hint, this.#options.check(this.#text.value));
  }
}
