// The server's notices, each in the conversation where it belongs.

import type { Frame, Refusal } from "../frames.ts";
import type { Conversation } from "./conversation.ts";
import type { Conversations } from "./conversations.ts";
import { type Entry, NOTHING } from "./entry.ts";

/** A notice from the server, or from the client itself. */
export type Told = Pick<
  Extract<Frame, { type: "notice" | "error" }>,
  "type" | "text" | "at" | "room"
>;

/** The notices. */
export class Notices {
  readonly #conversations: Conversations;
  /** Whether the server has answered in this session: what comes before that is its greeting. */
  #isGreeted = true;
  #greeting: Entry[] = [];
  /** The last notice: what it was, and where it is. */
  #last: { readonly told: Told; readonly entry: Entry; readonly place: Conversation } | undefined;

  constructor(conversations: Conversations) {
    this.#conversations = conversations;
  }

  /** A session has begun. */
  begin(): void {
    this.#isGreeted = false;
    this.#greeting = [];
  }

  /** The server has answered. */
  greeted(): void {
    this.#isGreeted = true;
  }

  /** Shows a notice in its room, or else in the conversation in front; the greeting in the lobby. */
  tell(told: Told): void {
    const { type: kind, text, at, room } = told;
    const { active, lobby } = this.#conversations;
    const isGreeting = kind === "notice" && room === undefined && !this.#isGreeted;
    const named = room === undefined ? undefined : this.#conversations.room(room);
    const place = named ?? (isGreeting ? lobby : active);
    const time = at === undefined ? place.entries.at(-1)?.at ?? Date.now() : Date.parse(at);
    const entry: Entry = { kind, at: time, from: "", text, ...NOTHING };
    place.add(entry, { isSeen: this.#conversations.isSeen(place) });
    if (isGreeting) this.#greeting.push(entry);
    this.#last = { told, entry, place };
  }

  /** Removes a refusal if it was the last notice: it is shown elsewhere. */
  takeBack(refusal: Refusal): void {
    if (this.#last?.told !== refusal) return;
    this.#last.place.remove(this.#last.entry);
    this.#last = undefined;
  }

  /** Removes the greeting: another session will begin with another. */
  removeGreeting(): void {
    for (const entry of this.#greeting) this.#conversations.lobby.remove(entry);
  }
}
