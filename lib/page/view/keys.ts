/// <reference lib="dom" />
// Keyboard shortcuts that work anywhere on the page.

import { isDialogOpen } from "./dialogs.ts";

/** What the shortcuts do. */
export interface KeysOptions {
  /** Goes to the next conversation, or to the one before. */
  readonly onStep: (step: number) => void;
  readonly onRooms: () => void;
  /** Closes something; returns whether there was something to close. */
  readonly onEscape: () => boolean;
  /** A character was typed outside any field. */
  readonly onTyping: () => void;
}

/**
 * Whether a key belongs to an input method that composes a word. Safari says of the key that ends the word
 * that composing is over; only the key's code tells.
 */
export function isComposing({ isComposing, keyCode }: KeyboardEvent): boolean {
  return isComposing || keyCode === 229;
}

/** Sets up the shortcuts. */
export function wireKeys({ onStep, onRooms, onEscape, onTyping }: KeysOptions): void {
  document.addEventListener("keydown", (event) => {
    if (isDialogOpen() || isComposing(event)) return;
    const { key, altKey, target } = event;
    const isCommand = event.ctrlKey || event.metaKey;
    if (altKey && !isCommand && (key === "ArrowUp" || key === "ArrowDown")) {
      onStep(key === "ArrowUp" ? -1 : 1);
    } else if (isCommand && !altKey && key.toLowerCase() === "k") {
      onRooms();
    } else if (key === "Escape") {
      if (!onEscape()) return;
    } else {
      const isLetter = !isCommand && !altKey && [...key].length === 1 && key !== " ";
      if (isLetter && target === document.body) onTyping();
      return;
    }
    event.preventDefault();
  });
}
