/// <reference lib="dom" />
// The dialog for going to a room: an existing one, or a new one.

import type { Listed } from "../../client/frames.ts";
import { closeDialog, onSubmit, openDialog, tellDialog } from "./dialogs.ts";
import { make, part } from "./dom.ts";
import { compareNames, fold } from "../../client/state/names.ts";

const ID = "rooms-dialog";
const ONE_WORD = "A room's name is one word of letters, digits, dots, _ or -, as in #tea.";

/** The dialog. */
export class RoomsDialog {
  readonly #name = part("rooms-name", HTMLInputElement);
  readonly #list = part("rooms-list", HTMLElement);
  readonly #ask: () => void;
  #rooms: readonly Listed[] = [];

  constructor({ ask, onRoom }: { ask: () => void; onRoom: (name: string) => void }) {
    this.#ask = ask;
    this.#name.addEventListener("input", () => {
      tellDialog("", { isError: true });
      this.#show();
    });
    onSubmit("rooms-form", ({ name = "" }) => {
      const wanted = name.trim();
      if (/\s/u.test(wanted)) tellDialog(ONE_WORD, { isError: true });
      else if (wanted !== "") onRoom(wanted);
    });
    this.#list.addEventListener("click", ({ target }) => {
      const button = target instanceof Element ? target.closest("button") : null;
      const name = button?.dataset["room"];
      if (name !== undefined) onRoom(name);
    });
  }

  open(): void {
    this.#name.value = "";
    this.#ask();
    this.#show();
    openDialog(ID);
    this.#name.focus();
  }

  close(): void {
    closeDialog(ID);
  }

  fill(rooms: readonly Listed[]): void {
    this.#rooms = [...rooms].sort((one, other) =>
      other.size - one.size || compareNames(one.name, other.name)
    );
    this.#show();
  }

  #show(): void {
    const begun = fold(this.#name.value.trim().replace(/^#/, ""));
    const shown = this.#rooms.filter(({ name }) => fold(name).includes(begun));
    this.#list.replaceChildren(...shown.map(roomItem));
  }
}

function roomItem({ name, size, topic, locked }: Listed): HTMLElement {
  const count = `${size} here${locked ? ", locked" : ""}`;
  return make("li", "", {}, [
    make("button", "row", { type: "button", "data-room": name }, [
      make("bdi", "row-title", `#${name}`),
      " ",
      make("span", "row-aside", count),
      ...(topic === "" ? [] : [" ", make("span", "row-text", { dir: "auto" }, [topic])]),
    ]),
  ]);
}
