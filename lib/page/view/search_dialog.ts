/// <reference lib="dom" />
// The dialog for searching messages.

import type { Message } from "../../client/frames.ts";
import { onSubmit, openDialog } from "./dialogs.ts";
import { make, part, setText } from "./dom.ts";
import { nameElement } from "./entries.ts";

const WHEN = new Intl.DateTimeFormat("en-GB", { dateStyle: "medium", timeStyle: "short" });

/** The dialog. */
export class SearchDialog {
  readonly #words = part("search-words", HTMLInputElement);
  readonly #list = part("search-list", HTMLElement);
  readonly #count = part("search-count", HTMLElement);
  readonly #onFound: (message: Message) => void;

  constructor(
    { onWords, onFound }: { onWords: (words: string) => void; onFound: (message: Message) => void },
  ) {
    this.#onFound = onFound;
    onSubmit("search-form", ({ words = "" }) => {
      if (words.trim() !== "") onWords(words.trim());
    });
  }

  open(): void {
    openDialog("search-dialog");
    this.#words.focus();
    this.#words.select();
  }

  fill(messages: readonly Message[]): void {
    openDialog("search-dialog");
    const { length } = messages;
    setText(this.#count, length === 0 ? "No messages found." : `${length} found, newest first.`);
    this.#list.replaceChildren(...messages.map((message) => this.#item(message)));
  }

  #item(message: Message): HTMLElement {
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
