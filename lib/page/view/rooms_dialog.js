// The dialog in which one goes to a room: one of those there are, or a new one.

/** @import { Listed } from "../frames.ts" */
import { closeDialog, onSubmit, openDialog } from "./dialogs.js";
import { make, part } from "./dom.js";
import { fold } from "../state/names.js";

const ID = "rooms-dialog";

/** The dialog. */
export class RoomsDialog {
  #name = part("rooms-name", HTMLInputElement);
  #list = part("rooms-list", HTMLElement);
  #ask;
  /** @type {readonly Listed[]} */
  #rooms = [];

  /** @param {{ ask: () => void, onRoom: (name: string) => void }} on */
  constructor({ ask, onRoom }) {
    this.#ask = ask;
    this.#name.addEventListener("input", () => this.#show());
    onSubmit("rooms-form", ({ name = "" }) => {
      if (name.trim() !== "") onRoom(name.trim());
    });
    this.#list.addEventListener("click", ({ target }) => {
      const button = target instanceof Element ? target.closest("button") : null;
      const name = button?.dataset["room"];
      if (name !== undefined) onRoom(name);
    });
  }

  open() {
    this.#name.value = "";
    this.#ask();
    this.#show();
    openDialog(ID);
    this.#name.focus();
  }

  close() {
    closeDialog(ID);
  }

  /** @param {readonly Listed[]} rooms */
  fill(rooms) {
    this.#rooms = [...rooms].sort((one, other) => other.size - one.size);
    this.#show();
  }

  #show() {
    const begun = fold(this.#name.value.trim().replace(/^#/, ""));
    const shown = this.#rooms.filter(({ name }) => fold(name).includes(begun));
    this.#list.replaceChildren(...shown.map(roomItem));
  }
}

/** @param {Listed} room */
function roomItem({ name, size, topic, locked }) {
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
