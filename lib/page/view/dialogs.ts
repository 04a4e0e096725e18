/// <reference lib="dom" />
// The dialogs: the browser's own, each with a place where it is told what the server says to it.

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

/** Whether any is open. */
export function isDialogOpen(): boolean {
  return document.querySelector("dialog[open]") !== null;
}

/**
 * Says in the dialog that is open what went wrong; or, in one that is marked so, what went well. Returns
 * whether there is such a dialog.
 */
export function tellDialog(text: string, { isError }: { isError: boolean }): boolean {
  const dialog = document.querySelector(isError ? "dialog[open]" : "dialog[open][data-hears]");
  return dialog !== null && tell(dialog, text, isError);
}

/** What a form's fields hold, once it is sent off. */
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
 * Has every button that says so close its dialog. Calls where one is closed, and nothing that had the
 * keyboard before it has it again.
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
