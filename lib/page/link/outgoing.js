// What the page asks for, until the server says that it has heeded it: each has a number that grows, by
// which it is done once however often it is sent.

/** @import { Asked } from "../frames.ts" */

/**
 * One thing that is asked for.
 * @typedef {object} Request
 * @property {number} id
 * @property {Asked} asked
 * @property {boolean} isTyped Whether a person typed it: it is asked for in a new session, too.
 * @property {boolean} isSecret Whether there is a password in it.
 * @property {string} [where] The key of the conversation that it was typed in.
 * @property {string} [shown] As it was typed, but for a password.
 * @property {(refusal: string | undefined) => void} [onDone] Is told that it was heeded, and what the
 *   server had against it.
 */

/**
 * @typedef {object} Kept
 * @property {number} lastId The number of what was asked for last.
 * @property {readonly Request[]} waiting
 */

/** Most that wait; who types more than this is told so. */
const MOST = 500;

/** All that was asked for and not heeded yet, in order. */
export class Outgoing {
  #lastId;
  /** @type {Request[]} */
  #waiting;

  /** @param {Kept} kept */
  constructor({ lastId, waiting }) {
    this.#lastId = lastId;
    this.#waiting = [...waiting];
  }

  /**
   * What outlives the page: the numbers go on, and what was typed waits on; a secret does not.
   * @returns {Kept}
   */
  get kept() {
    const waiting = this.#waiting.filter(({ isTyped, isSecret }) => isTyped && !isSecret);
    return { lastId: this.#lastId, waiting };
  }

  /** @returns {readonly Request[]} */
  get waiting() {
    return this.#waiting;
  }

  get isFull() {
    return this.#waiting.length >= MOST;
  }

  /**
   * Gives it a number.
   * @param {Omit<Request, "id">} request
   */
  add(request) {
    const numbered = { ...request, id: ++this.#lastId };
    this.#waiting.push(numbered);
    return numbered;
  }

  /**
   * The server has heeded it.
   * @param {number} id
   */
  done(id) {
    const index = this.#waiting.findIndex((request) => request.id === id);
    return index === -1 ? undefined : this.#waiting.splice(index, 1)[0];
  }

  /** Takes everything out: of what was typed nobody has heard in a new session, the rest is asked anew. */
  clear() {
    return this.#waiting.splice(0).filter(({ isTyped }) => isTyped);
  }
}
