/// <reference lib="dom" />
// The field for typing: Enter sends, Tab completes, the arrow keys recall earlier texts.

import type { Conversation } from "../../client/state/conversation.ts";
import type { Entry } from "../../client/state/entry.ts";
import { Completion, type Known } from "../../client/typing/completion.ts";
import { part, setText } from "./dom.ts";
import { isComposing } from "./keys.ts";
import { Recall } from "../../client/typing/recall.ts";

/** Options of the composer. */
export interface ComposerOptions {
  /** Why a text cannot be sent, as a sentence; empty if it can. */
  readonly check: (text: string) => string;
  /** The user's last message in a conversation, if they may change it. */
  readonly lastOwn: (conversation: Conversation) => Entry | undefined;
  /** The same as `check`, of a text that takes the place of a message. */
  readonly checkEdit: (entry: Entry, text: string) => string;
  /** Puts a text in place of a message; returns whether it was taken. */
  readonly onEdit: (entry: Entry, text: string) => boolean;
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
  /** The message that is being edited. */
  #edited: Entry | undefined;

  constructor(options: ComposerOptions) {
    this.#options = options;
    this.#form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#send();
    });
    part("editing-stop", HTMLButtonElement).addEventListener("click", () => {
      this.#stopEditing();
      this.focus();
    });
    this.#text.addEventListener("input", () => this.#changed());
    this.#text.addEventListener("keydown", (event) => this.#press(event));
  }

  focus(): void {
    this.#text.focus();
  }

  /** Begins to edit a message; the draft is there again afterwards. */
  edit(entry: Entry): void {
    this.#edited = entry;
    part("editing", HTMLElement).hidden = false;
    setText(part("editing-says", HTMLElement), "You are editing your message.");
    this.#set(entry.text);
    this.focus();
  }

  /** Puts a line above what is being typed. */
  quote(line: string): void {
    this.#stopEditing();
    this.#set(`${line}\n${this.#text.value}`);
    this.focus();
    this.#text.setSelectionRange(this.#text.value.length, this.#text.value.length);
  }

  #stopEditing(): boolean {
    if (this.#edited === undefined) return false;
    this.#edited = undefined;
    part("editing", HTMLElement).hidden = true;
    setText(part("editing-says", HTMLElement), "");
    this.#set(this.#conversation?.draft ?? "");
    return true;
  }

  /** Shows the draft of another conversation. */
  show(conversation: Conversation): void {
    const { title, kind } = conversation;
    setText(this.#label, kind === "room" ? `Message to ${title}` : `Private message to ${title}`);
    this.#text.placeholder = this.#label.textContent;
    if (conversation === this.#conversation) {
      // It may have been taken back meanwhile.
      if (this.#edited?.gone !== undefined) this.#stopEditing();
      // A text may have come back meanwhile.
      const isShown = this.#edited !== undefined || conversation.draft === this.#text.value;
      if (!isShown) this.#set(conversation.draft);
      return;
    }
    this.#conversation = conversation;
    if (!this.#stopEditing()) this.#set(conversation.draft);
  }

  #send(): void {
    if (this.#edited !== undefined) return this.#sendEdit(this.#edited);
    const kept = this.#check() === "" ? this.#options.onSend(this.#text.value) : undefined;
    if (kept === undefined) return this.#text.focus();
    this.#recall.add(kept);
    this.#set("");
    this.#text.focus();
  }

  #sendEdit(entry: Entry): void {
    const text = this.#text.value;
    if (this.#check() === "" && this.#options.onEdit(entry, text)) this.#stopEditing();
    this.focus();
  }

  #check(): string {
    const { check, checkEdit } = this.#options, { value } = this.#text;
    return this.#edited === undefined ? check(value) : checkEdit(this.#edited, value);
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
        return !this.#before().includes("\n") && this.#up();
      case "ArrowDown":
        return !this.#behind().includes("\n") && this.#down();
      case "Escape":
        return this.#stopEditing();
      case "PageUp":
      case "PageDown":
        this.#options.onPage(key === "PageUp" ? -1 : 1);
        return true;
    }
    return false;
  }

  /** Goes from an empty field to the user's last message, and from there to earlier texts. */
  #up(): boolean {
    const { value } = this.#text;
    const own = value === "" && !this.#recall.isBack && this.#conversation !== undefined
      ? this.#options.lastOwn(this.#conversation)
      : undefined;
    if (own !== undefined && this.#edited === undefined) {
      this.edit(own);
      return true;
    }
    if (this.#edited !== undefined) {
      if (value !== this.#edited.text) return false;
      this.#stopEditing();
    }
    return this.#replace(this.#recall.up(this.#text.value));
  }

  #down(): boolean {
    if (this.#edited?.text === this.#text.value) return this.#stopEditing();
    return this.#edited === undefined && this.#replace(this.#recall.down());
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
    if (this.#conversation !== undefined && this.#edited === undefined) {
      this.#conversation.draft = this.#text.value;
    }
    setText(this.#hint, this.#check());
  }
}
