// One person in the chat: what they say and hear, over one protocol, and how an app comes back after its link was
// lost.

import { Link, type Protocol, type Target } from "./link.ts";

/** A message that somebody hears while they are there; over lines, earlier ones look the same. */
export interface Heard {
  readonly from: string;
  readonly text: string;
  readonly isPrivate: boolean;
}

/** Options of a person. */
export interface PersonOptions {
  readonly target: Target;
  readonly protocol: Protocol;
  readonly address: string;
  readonly room: string;
  /** Without one they are a guest. */
  readonly name?: string;
  readonly onHeard?: (heard: Heard, person: Person) => void;
  /** Called once, when the connection has ended otherwise than by this person; with the reason, if any was given. */
  readonly onEnded: (person: Person, why: string) => void;
}

const ROOM_MESSAGE = /^(\S+)\([^)]*\): (.*)$/, PRIVATE_MESSAGE = /^(\S+)\([^)]*\) to (\S+): (.*)$/;
const REASON = /^\*\*\* (You are disconnected: .*|The room is .*)$/;

/** What a TLS client makes of a greeting for terminals. */
const GREETED = "ERR_SSL_WRONG_VERSION_NUMBER";
/** Milliseconds until somebody who was too late tries again. */
const RETRY = 100;

/** A person. */
export class Person {
  readonly options: PersonOptions;
  /** Messages heard, as far as they are known to be new. */
  heard = 0;
  /** How often a link continued, and how often it was told all anew instead. */
  resumed = 0;
  restarted = 0;
  /** How often its first bytes were sent, or read, too late: it was greeted as a person at a terminal. */
  late = 0;
  #link: Link;
  #token: string | undefined;
  #received = 0;
  #id = 0;
  /** Frames that were not acknowledged, by their ids. */
  readonly #waiting = new Map<number, string>();
  #why = "";
  /** Whether the server has said something. */
  #isIn = false;
  #isGoing = false;
  #isAway = false;

  constructor(options: PersonOptions) {
    this.options = options;
    this.#link = this.#connect();
    this.#enter();
  }

  /** Whether it speaks JSON, and so can come back. */
  get isApp(): boolean {
    return this.#link.isJson;
  }

  /** Frames that were sent and are not acknowledged. */
  get unacknowledged(): number {
    return this.#waiting.size;
  }

  /** Says something in a room. */
  say(text: string, room = this.options.room): void {
    if (this.isApp) this.#sendFrame({ type: "say", room, text });
    else this.#link.send(text);
  }

  /** Runs a command. */
  command(name: string, text: string): void {
    if (this.isApp) this.#sendFrame({ type: "command", name, text });
    else this.#link.send(`/${name} ${text}`);
  }

  /** Enters one more room; over lines, instead of the one before. */
  enter(room: string): void {
    if (this.isApp) this.#link.send(JSON.stringify({ type: "join", room }));
    else this.#link.send(`/join ${room}`);
  }

  /** Leaves: with a command, or by ending the connection. */
  leave(how: "quit" | "end" | "reset"): void {
    this.#isGoing = true;
    if (how === "reset") this.#link.reset();
    else if (how === "quit") this.command("quit", "bye");
    else this.#link.leave();
  }

  /** Stops reading, and asks for more than the system takes. */
  stall(): void {
    this.#isGoing = true;
    this.#link.stall();
    for (let i = 0; i < (this.isApp ? 200 : 60); i++) {
      if (this.isApp) {
        this.#link.send(JSON.stringify({ type: "history", room: this.options.room, count: 200 }));
      } else this.#link.send("/history 1000");
    }
  }

  /** Loses the link; an app comes back after so many milliseconds, if at all. */
  cut(comeBackAfter?: number): void {
    if (this.#isAway || this.#isGoing) return;
    this.#isAway = true;
    if (comeBackAfter === undefined) this.#isGoing = true;
    this.#link.reset();
    if (comeBackAfter !== undefined) setTimeout(() => this.#comeBack(), comeBackAfter);
  }

  #comeBack(): void {
    if (this.#isGoing) return;
    this.#isAway = false;
    this.#link = this.#connect();
    this.#enter();
  }

  /** Takes a name and a room; an app that was here before comes back. */
  #enter(): void {
    const { name, room } = this.options;
    if (!this.isApp) {
      if (name !== undefined) this.#link.send(`/nick ${name}`);
      this.#link.send(`/join ${room}`);
      return;
    }
    const back = this.#token === undefined
      ? { name }
      : { token: this.#token, received: this.#received };
    this.#link.send(JSON.stringify({ type: "join", room, ...back }));
  }

  #connect(): Link {
    const { target, protocol, address } = this.options;
    const link: Link = new Link(target, {
      ...{ protocol, address },
      onText: (text) => link.isJson ? this.#frame(text) : this.#line(text),
      onEnd: (code = "without a word") => {
        if (this.#isGoing || this.#isAway) return;
        if (code === GREETED) return this.#tryAgain();
        const where = this.#isIn ? "in" : "not in yet";
        this.options.onEnded(this, `${protocol}, ${where}, ${this.#why || code}`);
      },
    });
    return link;
  }

  /** Sends what was not acknowledged. */
  #sendAgain(): void {
    for (const waiting of this.#waiting.values()) this.#link.send(waiting);
  }

  /** Whose first bytes are not read within half a second is greeted as a person at a terminal. */
  #tryAgain(): void {
    this.late++;
    this.cut(RETRY);
  }

  #sendFrame(frame: Record<string, unknown>): void {
    const id = ++this.#id, text = JSON.stringify({ ...frame, id });
    this.#waiting.set(id, text);
    if (!this.#isAway) this.#link.send(text);
  }

  #line(line: string): void {
    this.#isIn = true;
    if (line.startsWith("*** ")) {
      this.#why = REASON.exec(line)?.[1] ?? this.#why;
      return;
    }
    const { name, onHeard } = this.options;
    const said = ROOM_MESSAGE.exec(line);
    if (said !== null) {
      this.heard++;
      onHeard?.({ from: said[1]!, text: said[2]!, isPrivate: false }, this);
      return;
    }
    const [, from, to, text] = PRIVATE_MESSAGE.exec(line) ?? [];
    if (from === undefined) return;
    this.heard++;
    if (to === name) onHeard?.({ from, text: text!, isPrivate: true }, this);
  }

  #frame(text: string): void {
    if (text.startsWith("***")) return this.#tryAgain();
    this.#isIn = true;
    const frame = JSON.parse(text);
    if (frame.type === "resumed") {
      this.resumed++;
      return this.#sendAgain();
    }
    if (frame.type === "welcome") {
      if (this.#token !== undefined) this.restarted++;
      else if (this.late > 0) this.#sendAgain();
      this.#token = frame.token;
      this.#received = 0;
      return;
    }
    if (frame.type === "closed") {
      this.#why = `code ${frame.code}`;
      return;
    }
    this.#received++;
    if (frame.type === "ack") this.#waiting.delete(frame.id);
    if (frame.type !== "message") return;
    this.heard++;
    const { from, to, text: words, kind } = frame, { name, onHeard } = this.options;
    const isPrivate = kind === "private";
    if (!isPrivate || to === name) onHeard?.({ from, text: words, isPrivate }, this);
  }
}
