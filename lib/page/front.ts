// Which conversation is in front: one that was chosen, one that is expected, or one with a search result.

import type { Log } from "./view/log.ts";
import type { State } from "../client/state/state.ts";
import type { Asked, Message } from "../client/frames.ts";
import { askBack, askPresence, askWho } from "../client/state/asks.ts";
import type { Conversation } from "../client/state/conversation.ts";
import { Room } from "../client/state/room.ts";

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
  #sought: { conversation: Conversation; id: number; at: number } | undefined;

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
  choose(conversation: Conversation | undefined): void {
    if (conversation === undefined) return;
    this.#expected = "";
    this.#stopSeeking();
    this.#show(conversation);
    this.#options.onChoose();
  }

  /** Goes to the next conversation, or to the one before. */
  step(step: number): void {
    const { all, active } = this.#options.state.conversations;
    this.choose(all.at((all.indexOf(active) + step) % all.length));
  }

  /** Goes to a message, in whichever conversation. */
  seek(message: Message): void {
    const { state, join } = this.#options;
    const conversation = state.conversationOf(message);
    if (conversation instanceof Room && !conversation.isIn) join(conversation.name);
    else this.choose(conversation);
    conversation.isSearched = true;
    this.#sought = { conversation, id: message.id, at: Date.parse(message.at) };
  }

  /** The state has changed: what is expected may exist now. */
  lookOut(): void {
    const conversation = this.#options.state.conversations.get(this.#expected);
    const isThere = conversation instanceof Room ? conversation.isIn : conversation !== undefined &&
      (conversation.entries.length > 0 || conversation.draft !== "");
    if (conversation === undefined || !isThere) return;
    this.#expected = "";
    this.#show(conversation);
  }

  /** The conversation in front is on the screen: loads further back for the message that is sought. */
  lookBack(): void {
    const { state, log, ask } = this.#options;
    if (this.#sought === undefined) return;
    const { conversation, id, at } = this.#sought;
    if (conversation !== state.conversations.active) return;
    if (log.reveal((entry) => entry.id === id && entry.at === at)) return this.#stopSeeking();
    if (conversation.past.isAsked || conversation instanceof Room && !conversation.isIn) return;
    const further = askBack(conversation);
    if (further !== undefined) return ask(further);
    this.#stopSeeking();
    state.complain("That message is too old to scroll to.");
  }

  #show(conversation: Conversation): void {
    const { state, ask, onShow } = this.#options;
    state.conversations.show(conversation);
    for (const asked of [...askWho(conversation), ...askPresence(conversation)]) {
      ask(asked);
    }
    onShow();
  }

  #stopSeeking(): void {
    if (this.#sought !== undefined) this.#sought.conversation.isSearched = false;
    this.#sought = undefined;
  }
}
