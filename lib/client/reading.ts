// Tells the server how far the user has read, so that their other devices and their next visit know it: at most
// once in a while for a conversation.

import type { Asked } from "./frames.ts";
import type { PatienceOptions } from "./link/patience.ts";
import type { Conversation } from "./state/conversation.ts";

/** Options of reading. */
export interface ReadingOptions extends Pick<PatienceOptions, "now" | "later"> {
  readonly conversations: { readonly all: readonly Conversation[] };
  readonly link: { readonly state: string; ask(asked: Asked): boolean };
}

/** Milliseconds between two times that the server is told. */
const EVERY = 5000;

/** Tells how far the user has read. */
export class Reading {
  readonly #options: ReadingOptions;
  #toldAt = -Infinity;
  /** Cancels the next time, if there is one. */
  #cancel: (() => void) | undefined;
  #isTelling = false;

  constructor(options: ReadingOptions) {
    this.#options = options;
  }

  /** The user may have read more: tells the server, now or later. */
  look(): void {
    if (this.#cancel !== undefined || this.#isTelling || this.#due.length === 0) return;
    const { now, later } = this.#options;
    const wait = this.#toldAt + EVERY - now();
    if (wait <= 0) this.tell();
    else this.#cancel = later(() => this.tell(), wait);
  }

  /** Tells the server at once: the page may be closed. */
  tell(): void {
    const due = this.#due, { link, now } = this.#options;
    this.#cancel?.();
    this.#cancel = undefined;
    if (due.length === 0) return;
    this.#toldAt = now();
    // Asking changes the state of the link, and whoever is told of that looks here again.
    this.#isTelling = true;
    for (const conversation of due) {
      const { kind, name, unreported: upTo } = conversation;
      if (upTo === undefined) continue;
      const place = kind === "room" ? { room: name } : { with: name };
      if (link.ask({ type: "read", ...place, upTo })) conversation.readTo(upTo, { isSeen: true });
    }
    this.#isTelling = false;
  }

  /** The conversations of which the server does not know how far they were read. */
  get #due(): Conversation[] {
    const { conversations, link } = this.#options;
    if (link.state !== "open") return [];
    return conversations.all.filter(({ unreported }) => unreported !== undefined);
  }
}
