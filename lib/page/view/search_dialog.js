// The dialog in which one looks for what was said.

/** @import { Message } from "../frames.ts" */
import { onSubmit, openDialog } from "./dialogs.js";
import { make, part, setText } from "./dom.js";
import { nameElement } from "./entries.js";

const WHEN = new Intl.DateTimeFormat("en-GB", { dateStyle: "medium", timeStyle: "short" });

/** The dialog. */
export class SearchDialog {
  #words = part("search-words", HTMLInputElement);
  #list = part("search-list", HTMLElement);
  #count = part("search-count", HTMLElement);
  #onFound;

  /** @param {{ onWords: (words: string) => void, onFound: (message: Message) => void }} on */
  constructor({ onWords, onFound }) {
    this.#onFound = onFound;
    onSubmit("search-form", ({ words = "" }) => {
      if (words.trim() !== "") onWords(words.trim());
    });
  }

  open() {
    openDialog("search-dialog");
    this.#words.focus();
    this.#words.select();
  }

  /** @param {readonly Message[]} messages */
  fill(messages) {
    openDialog("search-dialog");
    const { length } = messages;
    setText(this.#count, length === 0 ? "Nothing was found." : `${length} found, newest first.`);
    this.#list.replaceChildren(...messages.map((message) => this.#item(message)));
  }

  /** @param {Message} message */
  #item(message) {
    const { from, text, room, to, at } = message;
    const where = room === undefined ? `to ${to}` : `#${room}`;
    const button = make("button", "row", { type: "button" }, [
      nameElement(from),
      " ",
      make("span", "row-aside", {}, [make("bdi", "", where), `, ${WHEN.format(Date.parse(at))}`]),
      " ",
      make("span", "row-text", { dir: "auto" }, [text]),
    ]);
    button.addEventListener("click", () => this.#onFound(message));
    return make("li", "", {}, [button]);
  }
}
