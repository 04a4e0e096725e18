// The dialogs: the browser's own, each with a place where it is told what the server says to it.

import { part, setText } from "./dom.js";

/**
 * Opens a dialog, if it is not open.
 * @param {string} id
 */
export function openDialog(id) {
  const dialog = part(id, HTMLDialogElement);
  if (dialog.open) return;
  for (const other of document.querySelectorAll("dialog")) other.close();
  tell(dialog, "");
  dialog.showModal();
}

/** @param {string} id */
export function closeDialog(id) {
  part(id, HTMLDialogElement).close();
}

/** Whether any is open. */
export function isDialogOpen() {
  return document.querySelector("dialog[open]") !== null;
}

/**
 * Says in the dialog that is open what went wrong; or, in one that is marked so, what went well.
 * @param {string} text
 * @param {{ isError: boolean }} how
 */
export function tellDialog(text, { isError }) {
  const dialog = document.querySelector(isError ? "dialog[open]" : "dialog[open][data-hears]");
  if (dialog !== null) tell(dialog, text, isError);
}

/**
 * What a form's fields hold, once it is sent off.
 * @param {string} id
 * @param {(fields: Readonly<Record<string, string>>, form: HTMLFormElement) => void} run
 */
export function onSubmit(id, run) {
  const form = part(id, HTMLFormElement);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const fields = [...new FormData(form)].map(([name, value]) => [name, String(value)]);
    run(Object.fromEntries(fields), form);
  });
}

/**
 * Has every button that says so close its dialog.
 * @param {() => void} onClosed One is closed, and nothing that had the keyboard before it has it again.
 */
export function wireDialogs(onClosed) {
  for (const dialog of document.querySelectorAll("dialog")) {
    dialog.addEventListener("close", () => {
      const { activeElement, body } = document;
      if (activeElement === body || dialog.contains(activeElement)) onClosed();
    });
  }
  for (const button of document.querySelectorAll("dialog [data-close]")) {
    button.addEventListener("click", () => button.closest("dialog")?.close());
  }
}

/**
 * @param {Element} dialog
 * @param {string} text
 * @param {boolean} [isError]
 */
function tell(dialog, text, isError = false) {
  const outcome = dialog.querySelector(".outcome");
  if (outcome === null) return;
  outcome.classList.toggle("error", isError);
  setText(outcome, text);
}
