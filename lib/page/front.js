// Which conversation is in front: one that was chosen, one that is on its way, or where something was found.

/** @import { Asked, Message } from "./frames.ts" */
/** @import { State } from "./state/state.js" */
/** @import { Talk } from "./state/talk.js" */
/** @import { Log } from "./view/log.js" */
import { Room } from "./state/talk.js";

/**
 * @typedef {object} FrontOptions
 * @property {State} state
 * @property {Log} log
 * @property {(asked: Asked) => void} ask
 * @property {(name: string) => void} join Goes to a room.
 * @property {() => void} onShow Another conversation is in front.
 * @property {() => void} onChoose The page's person has chosen it.
 */

/** What is in front. */
export class Front {
  #options;
  /** A conversation that is to be shown as soon as it is there. */
  #expected = "";
  /** A message that is to be shown as soon as it is there. */
  #sought = /** @type {{ talk: Talk, id: number, at: number } | undefined} */ (undefined);

  /** @param {FrontOptions} options */
  constructor(options) {
    this.#options = options;
  }

  /**
   * Shows a conversation as soon as it is there.
   * @param {string} key
   */
  expect(key) {
    this.#expected = key;
  }

  /**
   * A conversation is not expected any more.
   * @param {string} key
   */
  giveUp(key) {
    if (this.#expected === key) this.#expected = "";
  }

  /**
   * Shows what somebody chose.
   * @param {Talk | undefined} talk
   */
  choose(talk) {
    if (talk === undefined) return;
    this.#expected = "";
    this.#stopSeeking();
    this.#show(talk);
    this.#options.onChoose();
  }

  /**
   * Goes to the next conversation, or the one before.
   * @param {number} step
   */
  step(step) {
    const { all, active } = this.#options.state.talks;
    this.choose(all.at((all.indexOf(active) + step) % all.length));
  }

  /**
   * Goes to a message, wherever it was said.
   * @param {Message} message
   */
  seek(message) {
    const { state, join } = this.#options;
    const talk = state.talkOf(message);
    if (talk instanceof Room && !talk.isIn) join(talk.name);
    else this.choose(talk);
    talk.isSearched = true;
    this.#sought = { talk, id: message.id, at: Date.parse(message.at) };
  }

  /** More is known: what is expected may be there. */
  lookOut() {
    const talk = this.#options.state.talks.get(this.#expected);
    const isThere = talk instanceof Room
      ? talk.isIn
      : talk !== undefined && talk.entries.length > 0;
    if (talk === undefined || !isThere) return;
    this.#expected = "";
    this.#show(talk);
  }

  /** The conversation in front is on the screen: looks further back for what is sought. */
  lookBack() {
    const { state, log, ask } = this.#options;
    if (this.#sought === undefined) return;
    const { talk, id, at } = this.#sought;
    if (talk !== state.talks.active) return;
    if (log.reveal((entry) => entry.id === id && entry.at === at)) return this.#stopSeeking();
    if (talk.past.isAsked || talk instanceof Room && !talk.isIn) return;
    const further = state.askBack(talk);
    if (further !== undefined) return ask(further);
    this.#stopSeeking();
    state.complain("That was said further back than one can scroll here.");
  }

  /** @param {Talk} talk */
  #show(talk) {
    const { state, ask, onShow } = this.#options;
    state.talks.show(talk);
    for (const asked of state.askWho(talk)) ask(asked);
    onShow();
  }

  #stopSeeking() {
    if (this.#sought !== undefined) this.#sought.talk.isSearched = false;
    this.#sought = undefined;
  }
}
