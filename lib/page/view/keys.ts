/// <reference lib="dom" />
// What the keyboard does anywhere on the page.

import { isDialogOpen } from "./dialogs.ts";

/** What the keys do. */
export interface KeysOptions {
  /** Goes to the next conversation, or the one before. */
  readonly onStep: (step: number) => void;
  readonly onRooms: () => void;
  /** Whether there was something to close. */
  readonly onEscape: () => boolean;
  /** Something is typed that is nowhere to go. */
  readonly onTyping: () => void;
}

/**
 * Whether a key belongs to an input method, which puts a word together: Safari says of the one that ends the
 * word that nothing is composed any more, and gives it away by its code alone.
 */
export function isComposing({ isComposing, keyCode }: KeyboardEvent): boolean {
  return isComposing || keyCode === 229;
}

/** Has the keys do it. */
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
