// The dialogs about oneself: coming in, the house's password, and what one may change later.

import { canNotify, notifies, setNotifies } from "./attention.js";
import { closeDialog, onSubmit, openDialog, tellDialog } from "./dialogs.js";
import { part, setText } from "./dom.js";
import { isGuest } from "../state/names.js";
import { lastVisit, rememberVisit } from "../remembered.js";

/**
 * @typedef {object} YouOptions
 * @property {(name: string, password: string) => void} onName
 * @property {() => void} onGuest Somebody comes in without a name.
 * @property {(key: string) => void} onKey
 * @property {(password: string) => void} onRegister
 */

/** The dialogs. */
export class YouDialogs {
  #name = part("name-name", HTMLInputElement);
  #newName = part("you-name", HTMLInputElement);
  #register = part("register-form", HTMLFormElement);
  #notifies = part("you-notifies", HTMLInputElement);

  /** @param {YouOptions} options */
  constructor({ onName, onGuest, onKey, onRegister }) {
    const name = part("name-dialog", HTMLDialogElement);
    // By the Escape key as by its button.
    name.addEventListener("close", onGuest);
    onSubmit("name-form", ({ name = "", password = "" }) => {
      if (name.trim() === "") closeDialog("name-dialog");
      else onName(name.trim(), password);
    });
    onSubmit("you-form", ({ name = "", password = "" }) => {
      if (name.trim() !== "") onName(name.trim(), password);
    });
    onSubmit("door-form", ({ key = "" }) => onKey(key));
    onSubmit("register-form", ({ password = "" }, form) => {
      onRegister(password);
      form.reset();
    });
    const theme = part("you-theme", HTMLSelectElement);
    theme.value = lastVisit().theme;
    theme.addEventListener("change", () => {
      rememberVisit({ theme: asTheme(theme.value) });
      showTheme();
    });
    this.#notifies.addEventListener("change", () => this.#switchNotifies());
  }

  /**
   * Asks for a name.
   * @param {string} name one that was had before
   * @param {string} [refusal] what the server has against it
   */
  askName(name, refusal = "") {
    forgetPasswords();
    this.#name.value = name;
    openDialog("name-dialog");
    tellDialog(refusal, { isError: true });
  }

  /**
   * Asks for the house's password.
   * @param {string} [refusal]
   */
  askKey(refusal = "") {
    forgetPasswords();
    openDialog("door-dialog");
    tellDialog(refusal, { isError: true });
  }

  /** @param {string} me */
  open(me) {
    forgetPasswords();
    this.#newName.value = me;
    this.#register.hidden = isGuest(me);
    setText(part("register-name", HTMLElement), me);
    this.#notifies.checked = notifies();
    part("notifies-row", HTMLElement).hidden = !canNotify();
    openDialog("you-dialog");
  }

  /** Whoever comes in is in: what was asked is answered. */
  close() {
    forgetPasswords();
    for (const id of ["name-dialog", "door-dialog", "you-dialog"]) closeDialog(id);
  }

  async #switchNotifies() {
    const isWanted = this.#notifies.checked;
    const isOn = await setNotifies(isWanted);
    this.#notifies.checked = isOn;
    if (isWanted && !isOn) tellDialog("The browser does not allow it.", { isError: true });
  }
}

/** Shows the page as its user likes it. */
export function showTheme() {
  document.documentElement.dataset["theme"] = lastVisit().theme;
}

function forgetPasswords() {
  for (const field of document.querySelectorAll("input")) {
    if (field.type === "password") field.value = "";
  }
}

/**
 * @param {string} value
 * @returns {"" | "light" | "dark"}
 */
function asTheme(value) {
  return value === "light" || value === "dark" ? value : "";
}
