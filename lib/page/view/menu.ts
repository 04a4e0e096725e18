/// <reference lib="dom" />
// The menu of a message: copy its text, answer with a quote, edit it, take it back. With the keyboard: Shift-Tab
// from the field for typing goes to the last message's button, the arrow keys to those of others.

import type { Entry } from "../../client/state/entry.ts";
import { make, part } from "./dom.ts";

/** Options of the menu. */
export interface MenuOptions {
  /** The entry of an element in the log. */
  readonly entryOf: (element: Element) => Entry | undefined;
  /** Whether the user may change a message. */
  readonly mayChange: (entry: Entry) => boolean;
  readonly onReply: (entry: Entry) => void;
  readonly onEdit: (entry: Entry) => void;
  readonly onDelete: (entry: Entry) => void;
  /** A text could not be copied: it is selected, and the user copies it. */
  readonly onSelected: () => void;
}

/** Pixels between the menu and the edge of the page. */
const MARGIN = 8;

/** The menu. */
export class Menu {
  readonly #options: MenuOptions;
  readonly #menu = part("message-menu", HTMLElement);
  readonly #log = part("log", HTMLElement);
  /** The button that has opened it. */
  #button: HTMLElement | undefined;

  constructor(options: MenuOptions) {
    this.#options = options;
    this.#log.addEventListener("click", (event) => {
      const button = buttonOf(event);
      if (button !== undefined) this.#open(button);
    });
    this.#log.addEventListener("keydown", (event) => this.#step(event));
    this.#log.addEventListener("scroll", () => this.#menu.hidePopover(), { passive: true });
    this.#menu.addEventListener("keydown", (event) => this.#press(event));
    this.#on("menu-copy", (entry) => this.#copy(entry));
    this.#on("menu-reply", options.onReply);
    this.#on("menu-edit", options.onEdit);
    this.#on("menu-delete", options.onDelete);
    new MutationObserver(() => this.#reach()).observe(this.#log, {
      childList: true,
      subtree: true,
    });
  }

  #on(id: string, run: (entry: Entry) => void): void {
    part(id, HTMLButtonElement).addEventListener("click", () => {
      const entry = this.#button && this.#options.entryOf(this.#button);
      this.#menu.hidePopover();
      if (entry !== undefined) run(entry);
    });
  }

  /** Has Tab reach the last message's button, unless it reaches another one's now. */
  #reach(): void {
    const buttons = this.#buttons(), last = buttons.at(-1);
    const reached = buttons.find((each) => each === document.activeElement) ?? last;
    for (const each of buttons) each.tabIndex = each === reached ? 0 : -1;
  }

  #buttons(): HTMLElement[] {
    return [...this.#log.querySelectorAll<HTMLElement>(".more")];
  }

  #step(event: KeyboardEvent): void {
    const button = buttonOf(event), { key } = event;
    if (button === undefined || key !== "ArrowUp" && key !== "ArrowDown" || event.altKey) return;
    const buttons = this.#buttons();
    const next = buttons[buttons.indexOf(button) + (key === "ArrowUp" ? -1 : 1)];
    event.preventDefault();
    if (next === undefined) return;
    next.focus();
    this.#reach();
  }

  #open(button: HTMLElement): void {
    const entry = this.#options.entryOf(button);
    if (entry === undefined) return;
    this.#button = button;
    const may = this.#options.mayChange(entry);
    for (const id of ["menu-edit", "menu-delete"]) part(id, HTMLElement).hidden = !may;
    this.#menu.showPopover();
    const { top, bottom, right } = button.getBoundingClientRect();
    const { offsetHeight: height, offsetWidth: width, style } = this.#menu;
    const isBelow = bottom + height + MARGIN <= innerHeight;
    style.top = `${isBelow ? bottom : Math.max(MARGIN, top - height)}px`;
    style.left = `${Math.max(MARGIN, right - width)}px`;
    this.#items()[0]?.focus();
  }

  #items(): HTMLElement[] {
    return [...this.#menu.querySelectorAll<HTMLElement>("button:not([hidden])")];
  }

  #press(event: KeyboardEvent): void {
    const items = this.#items(), at = items.findIndex((each) => each === document.activeElement);
    const to = {
      ArrowDown: (at + 1) % items.length,
      ArrowUp: (at + items.length - 1) % items.length,
      Home: 0,
      End: items.length - 1,
    }[event.key];
    if (event.key === "Escape" || event.key === "Tab") {
      this.#menu.hidePopover();
      this.#button?.focus();
    } else if (to !== undefined) items[to]?.focus();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  /** Copies a text. */
  async #copy({ text }: Entry): Promise<void> {
    const button = this.#button;
    try {
      await navigator.clipboard.writeText(text);
      button?.focus();
    } catch {
      // Not allowed; or, on plain http, not there.
      if (copySelected(text)) return button?.focus();
      const words = button?.closest(".entry")?.querySelector(".text");
      if (words) getSelection()?.selectAllChildren(words);
      this.#options.onSelected();
    }
  }
}

/** Copies a text by selecting it; returns whether the browser has. */
function copySelected(text: string): boolean {
  const field = make("textarea", "unseen");
  field.value = text;
  document.body.append(field);
  field.select();
  const isCopied = document.execCommand("copy");
  field.remove();
  return isCopied;
}

/** The button of a message that an event came from. */
function buttonOf({ target }: Event): HTMLElement | undefined {
  const button = target instanceof Element ? target.closest<HTMLElement>(".more") : null;
  return button ?? undefined;
}
