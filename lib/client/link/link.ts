// The connection to the server over one socket after another: a new one continues where the lost one ended. A
// request waits until it was handled, and is sent again over the next socket.

import type { Asked, Frame, Refusal } from "../frames.ts";
import { backoff } from "../backoff.ts";
import { type Claim, Entry } from "./entry.ts";
import { type Kept, Outgoing, type Request } from "./outgoing.ts";
import { Patience, type PatienceOptions } from "./patience.ts";

/**
 * The state of the link: not opened yet, or left; a socket is being opened; it is open, but the client has not
 * joined; it has joined; lost, and tried again by itself; ended for good by the server.
 */
export type LinkState = "idle" | "connecting" | "joining" | "open" | "lost" | "ended";

/** A handler of a socket: a method's type, so that those of a WebSocket are some. */
type Handler<Event> = { handle(event: Event): void }["handle"] | null;

/** What frames go over: the part of a WebSocket that is used, or anything else that does the same. */
export interface Socket {
  /** Sends a frame. */
  send(text: string): void;
  /** Closes it for good, with a code for a WebSocket's server. */
  close(code?: number): void;
  onopen: Handler<unknown>;
  /** Called with each frame, a text. */
  onmessage: Handler<{ readonly data: string }>;
  /** Called once, with the code by which the server closed it; 1006 if the connection broke. */
  onclose: Handler<{ readonly code: number }>;
}

/** Options of a link. */
export interface LinkOptions extends Pick<PatienceOptions, "now" | "later"> {
  readonly open: () => Socket;
  /** The name to enter a new session with; by default the server gives one. */
  readonly claim?: () => Claim;
  /** The server password, to be sent when the server asks for it. */
  readonly key?: string;
  /** Whether the first frame must have no password in it: the server may be another, or not speak JSON. */
  readonly isWary?: boolean;
  /** The secret that the tabs of this browser have in common. */
  readonly browser?: string;
  readonly onFrame: (frame: Frame) => void;
  /** Called when the state or the waiting requests have changed. */
  readonly onChange?: () => void;
  /** Called when a request was handled, with the server's refusal if there was one. */
  readonly onHeeded?: (request: Request, refusal: Refusal | undefined) => void;
  /** Called when the name to enter with was refused: the user is in as a guest. */
  readonly onRefused?: (name: string, refusal: Refusal) => void;
  /** The session of an earlier page. */
  readonly saved?: Saved;
  /** A random number from 0 to 1. */
  readonly chance: () => number;
  /** A random text of 32 to 200 characters, by which the server knows a message that it is sent again. */
  readonly nonce?: () => string;
}

/** What a page that was loaded again needs to come back. */
export interface Saved extends Kept {
  readonly token: string;
}

/** Close codes: a normal end; the session continues on another link; the client gave the link up. */
const NORMAL = 1000, REPLACED = 4001, GIVEN_UP = 4000;
const ELSEWHERE = "bobchat is open in another window.";
const NOBODY: Claim = { name: "", password: "" };
/** Milliseconds after which a link counts as stable. */
const STEADY = 5000;

/** The link to the server. */
export class Link {
  readonly #options: LinkOptions;
  readonly #outgoing: Outgoing;
  readonly #patience: Patience;
  #socket: Socket | undefined;
  #state: LinkState = "idle";
  #token: string | undefined;
  /** Frames received since this session's welcome; undefined if an earlier page received them. */
  #received: number | undefined;
  /** The server password, and whether it was sent with the join on this socket. */
  #key: string | undefined;
  #isKeySaid = false;
  /** Whether the link was lost, and is not open again. */
  #isCut = false;
  #tries = 0;
  #openedAt = 0;
  #lastDone = 0;
  readonly #entry = new Entry();
  /** The server's latest refusal. */
  #refusal: Refusal | undefined;
  /** Cancels the next try to connect. */
  #cancelTry = () => {};

  constructor(options: LinkOptions) {
    this.#options = options;
    this.#outgoing = new Outgoing(options.saved ?? { lastId: 0, waiting: [] });
    this.#token = options.saved?.token;
    this.#key = options.key;
    const { now, later } = options;
    this.#patience = new Patience({
      ...{ now, later },
      onSilence: () => this.#ask(),
      onLate: () => this.#closed(0),
    });
  }

  get state(): LinkState {
    return this.#state;
  }

  /** Whether the link was lost and is not back yet, even while it is being opened again. */
  get isLost(): boolean {
    return this.#isCut && this.#state !== "joining";
  }

  /** The requests that were not handled yet. */
  get waiting(): readonly Request[] {
    return this.#outgoing.waiting;
  }

  /** The name that this session began with; empty if there was none, or it was refused. */
  get enteredAs(): string {
    return this.#entry.name;
  }

  /** What the next page needs to continue this session. */
  get saved(): Saved | undefined {
    return this.#token === undefined ? undefined : { token: this.#token, ...this.#outgoing.kept };
  }

  /** Connects, or connects again at once. */
  open(): void {
    this.#drop();
    const socket = this.#options.open();
    this.#socket = socket;
    socket.onopen = () => {
      this.#isKeySaid = this.#key !== undefined && !this.#options.isWary;
      this.#say(this.#join());
    };
    socket.onmessage = ({ data }) => {
      const frame: Frame = JSON.parse(data);
      this.#hear(frame);
    };
    socket.onclose = ({ code }) => this.#closed(code);
    this.#patience.start();
    this.#enter("connecting");
  }

  /** Ends the session; the next `open` begins another. */
  leave(): void {
    this.#say({ type: "command", name: "quit" });
    this.#forget();
    this.#drop();
    this.#enter("idle");
  }

  /** The network or the page has woken: tries again at once, or checks whether the link still works. */
  check(): void {
    if (this.#state === "lost") return this.open();
    this.#ask();
  }

  /** Sends a request, at once or as soon as possible; false if too many wait already. */
  ask(asked: Asked, how: Partial<Omit<Request, "id" | "asked">> = {}): boolean {
    if (this.#state === "ended" || this.#outgoing.isFull) return false;
    const once = how.isTyped ? this.#once(asked) : asked;
    this.#send(this.#outgoing.add({ isTyped: false, isSecret: false, ...how, asked: once }));
    this.#options.onChange?.();
    return true;
  }

  /** What is asked for, if it may be a message with what keeps it from being said twice. */
  #once(asked: Asked): Asked {
    const nonce = this.#options.nonce?.();
    if (nonce === undefined || asked.type !== "say" && asked.type !== "command") return asked;
    return { ...asked, nonce };
  }

  /** Sends the server password, and again whenever it is asked for. */
  unlock(key: string): void {
    this.#key = key;
    if (this.#state !== "joining") return;
    this.#say({ type: "password", password: key });
    this.#patience.owe();
  }

  /** The first frame on a socket: continues the session, or begins one under the user's name. */
  #join(): Asked & { readonly id?: number } {
    const { browser, claim, isWary } = this.#options;
    const [token, received] = [this.#token, this.#received];
    const key = isWary ? undefined : this.#key;
    if (token !== undefined) return { type: "join", token, received, key, browser };
    return this.#entry.begin(claim?.() ?? NOBODY, {
      ...{ key, browser },
      number: () => this.#outgoing.number(),
    });
  }

  /** Asks for a sign of life. */
  #ask(): void {
    if (this.#state !== "open") return;
    // A request that was handled before is answered, and not done again.
    if (this.#lastDone > 0) this.#say({ id: this.#lastDone });
    else this.#say({ type: "members", id: this.#outgoing.number() });
    this.#patience.owe();
  }

  #hear(frame: Frame): void {
    this.#patience.heard();
    if (frame.type === "resumed") return this.#continued();
    if (frame.type === "welcome") this.#received = 0;
    else if (this.#received !== undefined) this.#received++;
    if (frame.type === "error") {
      this.#refusal = frame;
      const { name } = this.#entry, isIn = this.#state === "open";
      if (this.#entry.isRefused(frame, isIn)) {
        // Another tab may have the name already.
        const hasIt = frame.code === "nothing-to-change";
        if (isIn && !hasIt) this.#options.onRefused?.(name, frame);
        return;
      }
    }
    if (frame.type === "welcome") return this.#welcomed(frame);
    if (frame.type === "ack") this.#done(frame.id);
    if (frame.type === "password" && this.#state === "connecting") {
      this.#enter("joining");
      if (this.#key !== undefined && !this.#isKeySaid) {
        this.#isKeySaid = true;
        this.unlock(this.#key);
      }
    }
    // The server asks on joining, and has the answer already.
    if (frame.type !== "password" || !this.#isKeySaid) this.#options.onFrame(frame);
    if (this.#state === "open" && this.waiting.length > 0) this.#patience.owe();
  }

  /** The session goes on: what the server may not have handled is sent again. */
  #continued(): void {
    this.#opened();
    for (const request of this.waiting) this.#send(request);
  }

  #welcomed(frame: Extract<Frame, { type: "welcome" }>): void {
    const isSame = frame.token === this.#token;
    if (!isSame && this.#token !== undefined) this.#entry.forget();
    this.#token = frame.token;
    if (isSame) {
      this.#continued();
      return this.#options.onFrame(frame);
    }
    this.#opened();
    this.#lastDone = 0;
    // The client first asks for its name and rooms, so that lines that were typed for them go there.
    const typed = this.#outgoing.clear();
    this.#options.onFrame(frame);
    // The server may have ended after it had said them.
    for (const { asked, ...request } of typed) {
      this.#send(this.#outgoing.add({ ...request, asked: again(asked) }));
    }
    this.#options.onChange?.();
  }

  #opened(): void {
    this.#openedAt = this.#options.now();
    this.#enter("open");
  }

  #done(id: number): void {
    this.#lastDone = id;
    const request = this.#entry.done(id) ?? this.#outgoing.done(id);
    if (request === undefined) return;
    const refusal = this.#refusal?.id === id ? this.#refusal : undefined;
    request.onDone?.(refusal);
    this.#options.onHeeded?.(request, refusal);
    this.#options.onChange?.();
  }

  #send({ id, asked }: Request): void {
    if (this.#state !== "open") return;
    this.#say({ ...asked, id });
    this.#patience.owe();
  }

  #say(asked: Partial<Asked> & { readonly id?: number }): void {
    this.#socket?.send(JSON.stringify(asked));
  }

  #closed(code: number): void {
    const { now, later, chance } = this.#options;
    if (this.#state === "open" && now() - this.#openedAt >= STEADY) this.#tries = 0;
    this.#drop();
    if (code !== NORMAL && code !== REPLACED) {
      this.#cancelTry = later(() => this.open(), backoff(this.#tries++, chance()));
      return this.#enter("lost");
    }
    this.#forget();
    this.#key = undefined;
    if (code === REPLACED) {
      this.#options.onFrame({ type: "error", code: "replaced", text: ELSEWHERE });
    }
    this.#enter("ended");
  }

  /** Nobody can come back to the session. */
  #forget(): void {
    this.#token = undefined;
    this.#received = undefined;
    this.#outgoing.clear();
  }

  /** Drops the socket, and ignores whatever it still receives. */
  #drop(): void {
    this.#cancelTry();
    this.#patience.stop();
    const socket = this.#socket;
    this.#socket = undefined;
    if (socket === undefined) return;
    socket.onopen = socket.onmessage = socket.onclose = null;
    // Not a goodbye: the session must wait.
    socket.close(GIVEN_UP);
  }

  #enter(state: LinkState): void {
    if (state === "lost") this.#isCut = true;
    else if (state !== "connecting") this.#isCut = false;
    this.#state = state;
    this.#options.onChange?.();
  }
}

/** What was asked for in another session. */
function again(asked: Asked): Asked {
  return "nonce" in asked && asked.nonce !== undefined ? { ...asked, again: true } : asked;
}
