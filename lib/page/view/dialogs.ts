/// <reference lib="dom" />
// The dialogs: the browser's own, each with a place for the server's answers.

import { part, setText } from "./dom.ts";

/** Opens a dialog, if it is not open. */
export function openDialog(id: string): void {
  const dialog = part(id, HTMLDialogElement);
  if (dialog.open) return;
  for (const other of document.querySelectorAll("dialog")) other.close();
  tell(dialog, "");
  dialog.showModal();
}

export function closeDialog(id: string): void {
  part(id, HTMLDialogElement).close();
}

/** Whether any dialog is open. */
export function isDialogOpen(): boolean {
  return document.querySelector("dialog[open]") !== null;
}

/**
 * Shows in the open dialog what went wrong; or, in one that is marked for it, what went well. Returns whether
 * there is such a dialog.
 */
export function tellDialog(text: string, { isError }: { isError: boolean }): boolean {
  const dialog = document.querySelector(isError ? "dialog[open]" : "dialog[open][data-hears]");
  return dialog !== null && tell(dialog, text, isError);
}

/** Calls with the values of a form's fields when it is submitted. */
export function onSubmit(
  id: string,
  run: (fields: Readonly<Record<string, string>>, form: HTMLFormElement) => void,
): void {
  const form = part(id, HTMLFormElement);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const fields = [...new FormData(form)].map(([name, value]) => [name, String(value)]);
    run(Object.fromEntries(fields), form);
  });
}

/**
 * Has every button marked for it close its dialog. Calls `onClosed` after a dialog was closed, if no element
 * that had the focus before gets it back.
 */
export function wireDialogs(onClosed: () => void): void {
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

function tell(dialog: Element, text: string, isError = false): boolean {
  const outcome = dialog.querySelector(".outcome");
  if (outcome === null) return false;
  outcome.classList.toggle("error", isError);
  setText(outcome, text);
  return true;
}
