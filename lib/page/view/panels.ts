/// <reference lib="dom" />
// On a narrow screen the lists beside the conversation are panels that slide in, one at a time.

import { part } from "./dom.ts";

/** A panel, the button that opens it, and from which width on it is always there. */
const PANELS = [
  { panel: "rooms-panel", button: "rooms-toggle", wide: "(min-width: 44rem)" },
  { panel: "members-panel", button: "members-toggle", wide: "(min-width: 64rem)" },
];

/** The panels. */
export class Panels {
  readonly #shade = part("shade", HTMLElement);
  readonly #all = PANELS.map(({ panel, button, wide }) => ({
    panel: part(panel, HTMLElement),
    button: part(button, HTMLButtonElement),
    wide: matchMedia(wide),
    isOpen: false,
  }));

  constructor() {
    for (const each of this.#all) {
      each.button.addEventListener("click", () => this.#toggle(each));
      each.wide.addEventListener("change", () => this.#toggle());
    }
    this.#shade.addEventListener("click", () => this.close());
    this.#toggle();
  }

  /** Closes the open panel; returns whether there was one. */
  close(): boolean {
    const open = this.#all.find(({ isOpen }) => isOpen);
    if (open === undefined) return false;
    this.#toggle();
    open.button.focus();
    return true;
  }

  /** Opens or closes the chosen panel, and closes the others. */
  #toggle(chosen?: { isOpen: boolean }): void {
    for (const each of this.#all) {
      const { panel, button, wide } = each;
      each.isOpen = each === chosen && !each.isOpen && !wide.matches;
      panel.classList.toggle("open", each.isOpen);
      // What is out of sight must also be out of reach for the keyboard and screen readers.
      panel.inert = !each.isOpen && !wide.matches;
      button.setAttribute("aria-expanded", String(each.isOpen));
      if (each.isOpen) panel.querySelector("button")?.focus();
    }
    this.#shade.hidden = !this.#all.some(({ isOpen }) => isOpen);
  }
}
