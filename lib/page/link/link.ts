// The connection to the server, over one WebSocket after another: a new one goes on where the lost one
// ended. What is asked for waits until it was handled, and is asked for again over the next.

import type { Asked, Frame } from "../frames.ts";
import { pause } from "./backoff.ts";
import { type Kept, Outgoing, type Request } from "./outgoing.ts";

/**
 * How it stands: not opened yet; a socket is being opened; open, but the server has not let it in; in;
 * lost, and tried again by itself; ended for good by the server.
 */
export type LinkState = "idle" | "connecting" | "joining" | "open" | "lost" | "ended";

/** What is used of a WebSocket. */
export type Socket = Pick<WebSocket, "send" | "close" | "onopen" | "onmessage" | "onclose">;

/** What a link is given. */
export interface LinkOptions {
  readonly open: () => Socket;
  readonly onFrame: (frame: Frame) => void;
  /** Is called when the state has changed, or what waits. */
  readonly onChange: () => void;
  /** Something that was asked for was handled; the server may have had something against it. */
  readonly onHeeded: (request: Request, refusal: string | undefined) => void;
  /** What a page that was here before has kept. */
  readonly saved?: Saved;
  /** Milliseconds. */
  readonly now: () => number;
  /** Returns what calls it off. */
  readonly later: (run: () => void, milliseconds: number) => () => void;
  /** From 0 to 1. */
  readonly chance: () => number;
}

/** By what a page that is loaded again comes back. */
export interface Saved extends Kept {
  readonly token: string;
}

/** Codes of an end: one that is meant, and that the session goes on over another link; and of a link given up. */
const NORMAL = 1000, REPLACED = 4001, GIVEN_UP = 4000;
const ELSEWHERE = "bobchat is open in another window.";
/** Milliseconds in which the server answers, and between two looks at whether it did. */
const PATIENCE = 12_000, LOOK = 3000;
/** Milliseconds that a link holds, if the server is well. */
const STEADY = 5000;

/** The link. */
export class Link {
  readonly #options: LinkOptions;
  readonly #outgoing: Outgoing;
  #socket: Socket | undefined;
  #state: LinkState = "idle";
  #token: string | undefined;
  /** Frames behind this session's welcome; undefined where a page before this one had them. */
  #received: number | undefined;
  /** The server password, and whether it was said unasked over this socket. */
  #key: string | undefined;
  #isKeySaid = false;
  #tries = 0;
  #openedAt = 0;
  /** Since when the server has owed an answer. */
  #owed: number | undefined;
  #lastDone = 0;
  /** What the server has just had against something. */
  #refusal: string | undefined;
  /** Calls the next look, or the next try, off. */
  #callOff = () => {};

  constructor(options: LinkOptions) {
    this.#options = options;
    this.#outgoing = new Outgoing(options.saved ?? { lastId: 0, waiting: [] });
    this.#token = options.saved?.token;
  }

  get state(): LinkState {
    return this.#state;
  }

  /** What was asked for, and not handled yet. */
  get waiting(): readonly Request[] {
    return this.#outgoing.waiting;
  }

  /** What the next page needs to go on with this session. */
  get saved(): Saved | undefined {
    return this.#token === undefined ? undefined : { token: this.#token, ...this.#outgoing.kept };
  }

  /** Opens it, or opens it again at once. */
  open(): void {
    this.#drop();
    const socket = this.#options.open();
    this.#socket = socket;
    socket.onopen = () => {
      this.#isKeySaid = this.#key !== undefined;
      const [token, received, key] = [this.#token, this.#received, this.#key];
      const hello: Asked = { type: "join", token, received, key };
      socket.send(JSON.stringify(hello));
    };
    socket.onmessage = ({ data }) => {
      const frame: Frame = JSON.parse(data);
      this.#hear(frame);
    };
    socket.onclose = ({ code }) => this.#closed(code);
    this.#owed = this.#options.now();
    this.#look();
    this.#enter("connecting");
  }

  /** Something has changed outside: tries again at once, or finds out whether the link still holds. */
  check(): void {
    if (this.#state === "lost") return this.open();
    if (this.#state !== "open" || this.#lastDone === 0) return;
    // What was handled before is answered, and not done again.
    this.#socket?.send(JSON.stringify({ id: this.#lastDone }));
    this.#owed ??= this.#options.now();
  }

  /** Asks for something, at once or as soon as that can be; false where too much waits already. */
  ask(asked: Asked, how: Partial<Omit<Request, "id" | "asked">> = {}): boolean {
    if (this.#state === "ended" || this.#outgoing.isFull) return false;
    this.#send(this.#outgoing.add({ isTyped: false, isSecret: false, ...how, asked }));
    this.#options.onChange();
    return true;
  }

  /** Says the server password, and again whenever it is asked for. */
  unlock(key: string): void {
    this.#key = key;
    if (this.#state !== "joining") return;
    const asked: Asked = { type: "password", password: key };
    this.#socket?.send(JSON.stringify(asked));
    this.#owed ??= this.#options.now();
  }

  #hear(frame: Frame): void {
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

  #resumed(): void {
    this.#opened();
    for (const request of this.waiting) this.#send(request);
    this.#options.onChange();
  }

  #welcomed(frame: Extract<Frame, { type: "welcome" }>): void {
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

  #opened(): void {
    this.#openedAt = this.#options.now();
    this.#enter("open");
  }

  #done(id: number, refusal: string | undefined): void {
    this.#lastDone = id;
    const request = this.#outgoing.done(id);
    if (request === undefined) return;
    request.onDone?.(refusal);
    this.#options.onHeeded(request, refusal);
    this.#options.onChange();
  }

  #send({ id, asked }: Request): void {
    if (this.#state !== "open") return;
    // A wrong password is refused behind its receipt: that is none of what is asked for next.
    this.#refusal = undefined;
    this.#socket?.send(JSON.stringify({ ...asked, id }));
    this.#owed ??= this.#options.now();
  }

  #closed(code: number): void {
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
    if (code === REPLACED) {
      this.#options.onFrame({ type: "error", code: "replaced", text: ELSEWHERE });
    }
    this.#enter("ended");
  }

  /** A link on which an answer does not come is lost, whatever the system says. */
  #look(): void {
    this.#callOff = this.#options.later(() => {
      const isLate = this.#owed !== undefined && this.#options.now() - this.#owed > PATIENCE;
      if (isLate) this.#closed(0);
      else this.#look();
    }, LOOK);
  }

  /** Lets go of the socket; whatever it still says is heard no more. */
  #drop(): void {
    this.#callOff();
    const socket = this.#socket;
    this.#socket = undefined;
    if (socket === undefined) return;
    socket.onopen = socket.onmessage = socket.onclose = null;
    // Not a goodbye: the session is to wait.
    socket.close(GIVEN_UP);
  }

  #enter(state: LinkState): void {
    this.#state = state;
    this.#options.onChange();
  }
}
