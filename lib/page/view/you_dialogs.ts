/// <reference lib="dom" />
// The dialogs about the user: joining, the server password, and settings that can be changed later.

import { canNotify, notifies, setNotifies } from "./attention.ts";
import { closeDialog, onSubmit, openDialog, tellDialog } from "./dialogs.ts";
import { part, setText } from "./dom.ts";
import { isGuest } from "../../client/state/names.ts";
import { lastVisit, rememberVisit } from "../remembered.ts";

/** What to do with the user's answers. */
export interface YouOptions {
  readonly onName: (name: string, password: string) => void;
  /** Joins without a name. */
  readonly onPending: () => void;
  readonly onKey: (key: string) => void;
  readonly onRegister: (password: string) => void;
}

const ONE_WORD = "A name is one word, as in ann_lee.";

/** The dialogs. */
export class YouDialogs {
  readonly #name = part("name-name", HTMLInputElement);
  readonly #newName = part("you-name", HTMLInputElement);
  readonly #register = part("register-form", HTMLFormElement);
  readonly #notifies = part("you-notifies", HTMLInputElement);

  constructor({ onName, onPending, onKey, onRegister }: YouOptions) {
    const claim = (name: string, password: string) => {
      const wanted = name.trim();
      if (/\s/u.test(wanted)) tellDialog(ONE_WORD, { isError: true });
      else onName(wanted, password);
    };
    const name = part("name-dialog", HTMLDialogElement);
    // The Escape key does the same as the button.
    name.addEventListener("close", onPending);
    onSubmit("name-form", ({ name = "", password = "" }) => {
      if (name.trim() === "") closeDialog("name-dialog");
      else claim(name, password);
    });
    onSubmit("you-form", ({ name = "", password = "" }) => {
      if (name.trim() !== "") claim(name, password);
    });
    onSubmit("password-form", ({ key = "" }) => onKey(key));
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

  /** Asks for a name; shows the last one, and why it was refused. What is typed already stays. */
  askName(name: string, refusal = ""): void {
    forgetPasswords();
    if (!part("name-dialog", HTMLDialogElement).open) this.#name.value = name;
    openDialog("name-dialog");
    tellDialog(refusal, { isError: true });
  }

  /** Asks for the server password; shows why the last one was refused. */
  askKey(refusal = ""): void {
    forgetPasswords();
    openDialog("password-dialog");
    tellDialog(refusal, { isError: true });
  }

  /** Shows the settings; a registered name cannot be registered again. */
  open(me: string, { isRegistered }: { isRegistered: boolean }): void {
    forgetPasswords();
    this.#newName.value = me;
    this.#register.hidden = isGuest(me) || isRegistered;
    setText(part("register-name", HTMLElement), me);
    this.#notifies.checked = notifies();
    part("notifies-row", HTMLElement).hidden = !canNotify();
    openDialog("you-dialog");
  }

  /** The name is registered now, and cannot be registered again. */
  registered(): void {
    this.#register.hidden = true;
  }

  /** Closes the dialogs: the user has joined. */
  close(): void {
    forgetPasswords();
    for (const id of ["name-dialog", "password-dialog", "you-dialog"]) closeDialog(id);
  }

  async #switchNotifies(): Promise<void> {
    const isWanted = this.#notifies.checked;
    const isOn = await setNotifies(isWanted);
    this.#notifies.checked = isOn;
    if (isWanted && !isOn) {
      tellDialog("Your browser does not allow notifications.", { isError: true });
    }
  }
}

/** Applies the theme that the user chose. */
export function showTheme(): void {
  document.documentElement.dataset["theme"] = lastVisit().theme;
}

function forgetPasswords(): void {
  for (const field of document.querySelectorAll("input")) {
    if (field.type === "password") field.value = "";
  }
}

function asTheme(value: string): "" | "light" | "dark" {
  return value === "light" || value === "dark" ? value : "";
}
