// Which conversation is in front: one that was chosen, one that is expected, or one with a search result.

import type { Log } from "./view/log.ts";
import type { State } from "./state/state.ts";
import type { Asked, Message } from "./frames.ts";
import { Room, type Talk } from "./state/talk.ts";

/** Options of the front. */
export interface FrontOptions {
  readonly state: State;
  readonly log: Log;
  readonly ask: (asked: Asked) => void;
  /** Goes to a room. */
  readonly join: (name: string) => void;
  /** Called when another conversation is in front. */
  readonly onShow: () => void;
  /** Called when the user has chosen it. */
  readonly onChoose: () => void;
}

/** The conversation in front. */
export class Front {
  readonly #options: FrontOptions;
  /** The key of a conversation to show as soon as it exists. */
  #expected = "";
  /** A message to show as soon as it is loaded. */
  #sought: { talk: Talk; id: number; at: number } | undefined;

  constructor(options: FrontOptions) {
    this.#options = options;
  }

  /** Shows a conversation as soon as it exists. */
  expect(key: string): void {
    this.#expected = key;
  }

  /** Stops expecting a conversation. */
  giveUp(key: string): void {
    if (this.#expected === key) this.#expected = "";
  }

  /** Shows the conversation that somebody chose. */
  choose(talk: Talk | undefined): void {
    if (talk === undefined) return;
    this.#expected = "";
    this.#stopSeeking();
    this.#show(talk);
    this.#options.onChoose();
  }

  /** Goes to the next conversation, or to the one before. */
  step(step: number): void {
    const { all, active } = this.#options.state.talks;
    this.choose(all.at((all.indexOf(active) + step) % all.length));
  }

  /** Goes to a message, in whichever conversation. */
  seek(message: Message): void {
    const { state, join } = this.#options;
    const talk = state.talkOf(message);
    if (talk instanceof Room && !talk.isIn) join(talk.name);
    else this.choose(talk);
    talk.isSearched = true;
    this.#sought = { talk, id: message.id, at: Date.parse(message.at) };
  }

  /** The state has changed: what is expected may exist now. */
  lookOut(): void {
    const talk = this.#options.state.talks.get(this.#expected);
    const isThere = talk instanceof Room
      ? talk.isIn
      : talk !== undefined && (talk.entries.length > 0 || talk.draft !== "");
    if (talk === undefined || !isThere) return;
    this.#expected = "";
    this.#show(talk);
  }

  /** The conversation in front is on the screen: loads further back for the message that is sought. */
  lookBack(): void {
    const { state, log, ask } = this.#options;
    if (this.#sought === undefined) return;
    const { talk, id, at } = this.#sought;
    if (talk !== state.talks.active) return;
    if (log.reveal((entry) => entry.id === id && entry.at === at)) return this.#stopSeeking();
    if (talk.past.isAsked || talk instanceof Room && !talk.isIn) return;
    const further = state.askBack(talk);
    if (further !== undefined) return ask(further);
    this.#stopSeeking();
    state.complain("That message is too old to scroll to.");
  }

  #show(talk: Talk): void {
    const { state, ask, onShow } = this.#options;
    state.talks.show(talk);
    for (const asked of state.askWho(talk)) ask(asked);
    onShow();
  }

  #stopSeeking(): void {
    if (this.#sought !== undefined) this.#sought.talk.isSearched = false;
    this.#sought = undefined;
  }
}
