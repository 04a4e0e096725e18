// What the keyboard does anywhere on the page.

import { isDialogOpen } from "./dialogs.js";

/**
 * @typedef {object} KeysOptions
 * @property {(step: number) => void} onStep Goes to the next conversation, or the one before.
 * @property {() => void} onRooms
 * @property {() => boolean} onEscape Whether there was something to close.
 * @property {() => void} onTyping Something is typed that is nowhere to go.
 */

/** @param {KeysOptions} options */
export function wireKeys({ onStep, onRooms, onEscape, onTyping }) {
  document.addEventListener("keydown", (event) => {
    if (isDialogOpen()) return;
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
