// The connection to the server, over one WebSocket after another: a new one goes on where the lost one
// ended. What is asked for waits until it was heeded, and is asked for again over the next.

/** @import { Asked, Frame } from "../frames.ts" */
/** @import { Kept, Request } from "./outgoing.js" */
import { pause } from "./backoff.js";
import { Outgoing } from "./outgoing.js";

/**
 * How it stands: not opened yet; a socket is being opened; open, but the server has not let it in; in;
 * lost, and tried again by itself; ended for good by the server.
 * @typedef {"idle" | "connecting" | "joining" | "open" | "lost" | "ended"} LinkState
 */

/**
 * What is used of a WebSocket.
 * @typedef {Pick<WebSocket, "send" | "close" | "onopen" | "onmessage" | "onclose">} Socket
 */

/**
 * @typedef {object} LinkOptions
 * @property {() => Socket} open
 * @property {(frame: Frame) => void} onFrame
 * @property {() => void} onChange Is called when the state has changed, or what waits.
 * @property {Saved} [saved] What a page that was here before has kept.
 * @property {() => number} now Milliseconds.
 * @property {(run: () => void, milliseconds: number) => () => void} later Returns what calls it off.
 * @property {() => number} chance From 0 to 1.
 */

/**
 * By what a page that is loaded again comes back.
 * @typedef {Kept & { token: string }} Saved
 */

/** Codes of an end: one that is meant, and that the session goes on over another link; and of a link given up. */
const NORMAL = 1000, REPLACED = 4001, GIVEN_UP = 4000;
const ELSEWHERE = "This conversation goes on in another window.";
/** Milliseconds in which the server answers, and between two looks at whether it did. */
const PATIENCE = 12_000, LOOK = 3000;
/** Milliseconds that a link holds, if the server is well. */
const STEADY = 5000;

/** The link. */
export class Link {
  #options;
  #outgoing;
  /** @type {Socket | undefined} */
  #socket;
  /** @type {LinkState} */
  #state = "idle";
  /** @type {string | undefined} */
  #token;
  /** Frames behind this session's welcome; undefined where a page before this one had them. */
  #received = /** @type {number | undefined} */ (undefined);
  /** The house's password, and whether it was said unasked over this socket. */
  #key = /** @type {string | undefined} */ (undefined);
  #isKeySaid = false;
  #tries = 0;
  #openedAt = 0;
  /** Since when the server has owed an answer. */
  #owed = /** @type {number | undefined} */ (undefined);
  #lastDone = 0;
  /** What the server has just had against something. */
  #refusal = /** @type {string | undefined} */ (undefined);
  /** Calls the next look, or the next try, off. */
  #callOff = () => {};

  /** @param {LinkOptions} options */
  constructor(options) {
    this.#options = options;
    this.#outgoing = new Outgoing(options.saved ?? { lastId: 0, waiting: [] });
    this.#token = options.saved?.token;
  }

  get state() {
    return this.#state;
  }

  /** What was asked for, and not heeded yet. */
  get waiting() {
    return this.#outgoing.waiting;
  }

  /**
   * What the next page needs to go on with this session.
   * @returns {Saved | undefined}
   */
  get saved() {
    return this.#token === undefined ? undefined : { token: this.#token, ...this.#outgoing.kept };
  }

  /** Opens it, or opens it again at once. */
  open() {
    this.#drop();
    const socket = this.#options.open();
    this.#socket = socket;
    socket.onopen = () => {
      this.#isKeySaid = this.#key !== undefined;
      const hello = { token: this.#token, received: this.#received, key: this.#key };
      socket.send(JSON.stringify({ type: "join", ...hello }));
    };
    socket.onmessage = ({ data }) => this.#hear(JSON.parse(data));
    socket.onclose = ({ code }) => this.#closed(code);
    this.#owed = this.#options.now();
    this.#look();
    this.#enter("connecting");
  }

  /** Something has changed outside: tries again at once, or finds out whether the link still holds. */
  check() {
    if (this.#state === "lost") return this.open();
    if (this.#state !== "open" || this.#lastDone === 0) return;
    // What was heeded before is answered, and not done again.
    this.#socket?.send(JSON.stringify({ id: this.#lastDone }));
    this.#owed ??= this.#options.now();
  }

  /**
   * Asks for something, at once or as soon as that can be; false where too much waits already.
   * @param {Asked} asked
   * @param {Partial<Omit<Request, "id" | "asked">>} [how]
   */
  ask(asked, how = {}) {
    if (this.#state === "ended" || this.#outgoing.isFull) return false;
    this.#send(this.#outgoing.add({ isTyped: false, isSecret: false, ...how, asked }));
    this.#options.onChange();
    return true;
  }

  /**
   * Says the house's password, and again whenever it is asked for.
   * @param {string} key
   */
  unlock(key) {
    this.#key = key;
    if (this.#state !== "joining") return;
    this.#socket?.send(JSON.stringify({ type: "password", password: key }));
    this.#owed ??= this.#options.now();
  }

  /** @param {Frame} frame */
  #hear(frame) {
    this.#owed = undefined;
    if (frame.type === "resumed") return this.#resumed();
    if (frame.type === "welcome") this.#received = 0;
    else if (this.#received !== undefined) this.#received++;
    const refusal = this.#refusal;
    this.#refusal = frame.type === "error" ? frame.text : undefined;
    if (frame.type === "welcome") return this.#welcomed(frame);
    if (frame.type === "ack") this.#done(frame.id, refusal);
    if (frame.type === "password" && this.#state === "connecting") this.#enter("joining");
    // To what it was asked it has answered already, as it came.
    if (frame.type !== "password" || !this.#isKeySaid) this.#options.onFrame(frame);
    if (this.#state === "open" && this.waiting.length > 0) this.#owed = this.#options.now();
  }

  #resumed() {
    this.#opened();
    for (const request of this.waiting) this.#send(request);
    this.#options.onChange();
  }

  /** @param {Extract<Frame, { type: "welcome" }>} frame */
  #welcomed(frame) {
    const isSame = frame.token === this.#token;
    this.#token = frame.token;
    this.#opened();
    if (isSame) {
      for (const request of this.waiting) this.#send(request);
      return this.#options.onFrame(frame);
    }
    this.#lastDone = 0;
    // The page asks for its name and its rooms first, so that what was typed for them finds them.
    const typed = this.#outgoing.clear();
    this.#options.onFrame(frame);
    for (const request of typed) this.#send(this.#outgoing.add(request));
    this.#options.onChange();
  }

  #opened() {
    this.#openedAt = this.#options.now();
    this.#enter("open");
  }

  /**
   * @param {number} id
   * @param {string | undefined} refusal
   */
  #done(id, refusal) {
    this.#lastDone = id;
    const request = this.#outgoing.done(id);
    request?.onDone?.(refusal);
    if (request !== undefined) this.#options.onChange();
  }

  /** @param {Request} request */
  #send({ id, asked }) {
    if (this.#state !== "open") return;
    // A wrong password is refused behind its receipt: that is none of what is asked for next.
    this.#refusal = undefined;
    this.#socket?.send(JSON.stringify({ ...asked, id }));
    this.#owed ??= this.#options.now();
  }

  /** @param {number} code */
  #closed(code) {
    const { now, later, chance } = this.#options;
    if (this.#state === "open" && now() - this.#openedAt >= STEADY) this.#tries = 0;
    this.#drop();
    if (code !== NORMAL && code !== REPLACED) {
      this.#callOff = later(() => this.open(), pause(this.#tries++, chance()));
      return this.#enter("lost");
    }
    this.#token = undefined;
    this.#received = undefined;
    this.#key = undefined;
    this.#outgoing.clear();
    if (code === REPLACED) this.#options.onFrame({ type: "error", text: ELSEWHERE });
    this.#enter("ended");
  }

  /** A link on which an answer does not come is lost, whatever the system says. */
  #look() {
    this.#callOff = this.#options.later(() => {
      const isLate = this.#owed !== undefined && this.#options.now() - this.#owed > PATIENCE;
      if (isLate) this.#closed(0);
      else this.#look();
    }, LOOK);
  }

  /** Lets go of the socket; whatever it still says is heard no more. */
  #drop() {
    this.#callOff();
    const socket = this.#socket;
    this.#socket = undefined;
    if (socket === undefined) return;
    socket.onopen = socket.onmessage = socket.onclose = null;
    // Not a goodbye: the session is to wait.
    socket.close(GIVEN_UP);
  }

  /** @param {LinkState} state */
  #enter(state) {
    this.#state = state;
    this.#options.onChange();
  }
}
