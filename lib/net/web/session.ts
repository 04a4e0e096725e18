// One app's connection over any number of links: when a link is lost, what is sent meanwhile is kept, and a
// new link continues where the old one ended. An app that missed more than is kept is told all anew.

import type { JsonEncoder } from "../../wire/json_frames.ts";
import type { Connection, Origin, WelcomePlace } from "../connection.ts";
import type { PendingConnections } from "../pending_connections.ts";
import { ReadBuffer, type Source } from "../read_buffer.ts";
import { GOING_AWAY, GOODBYES, NORMAL, REPLACED, TRY_LATER } from "./codes.ts";
import { Heartbeat } from "./heartbeat.ts";
import { LostLink } from "./lost_link.ts";
import type { Link, LinkOwner } from "./link.ts";
import { SentFrames } from "./sent_frames.ts";

/** Whose connection it is, and its limits. */
export interface SessionOptions extends Origin {
  /** By which its app comes back. */
  readonly token: string;
  /** Most bytes that are kept for an app that is away. */
  readonly most: number;
  /** Where apps that are away are counted; and milliseconds, after a lost link and after a goodbye. */
  readonly away: {
    readonly waiting: PendingConnections;
    readonly lost: number;
    readonly left: number;
    /** Milliseconds after which others are told that a link is lost. */
    readonly told: number;
  };
  /** Called once it is closed. */
  readonly closed: (session: Session) => void;
}

/** Most bytes on their way that are kept for a connected app; and if no ping tells what has arrived. */
const ON_ITS_WAY = 256 * 1024, MAY_BE_ON_ITS_WAY = 64 * 1024;
/** A frame that is no message is read as an empty line, which counts against the rate like any other. */
const LF = 10, EMPTY_LINE = Uint8Array.of(LF);

/** The connection of an app. */
export class Session implements Connection, LinkOwner, Source {
  remote: string;
  address: string;
  readonly isPrivate: boolean;
  readonly isSecure: boolean;
  readonly token: string;
  /** Encodes what its app is sent, over whatever link. */
  readonly encoder: JsonEncoder;
  readonly #options: SessionOptions;
  readonly #sent: SentFrames;
  readonly #heartbeat: Heartbeat;
  readonly #arrived = new ReadBuffer(this);
  /** Called once it is closed: whoever waits for that. */
  #onClosed: (() => void) | undefined;
  #link: Link | undefined;
  /** Called once the write in flight is done with. */
  #onWritten: (() => void) | undefined;
  /** Whether the rest of a line that is too long is awaited. */
  #isMidLine = false;
  /** Whether others know that the link is lost. */
  readonly #lost: LostLink;
  /** Called with the address before, when the app continues from another one. */
  #hasMoved: ((before: string) => void) | undefined;
  /** Ends the wait for an app that is away; undefined while it is not. */
  #isBack: (() => void) | undefined;
  /** Whether nobody can come back; whether nothing more will be written; whether it is closed. */
  #isOver = false;
  #hasEnded = false;
  #isClosed = false;
  /** The code with which the connection ends. */
  #endCode = NORMAL;

  constructor(link: Link, options: SessionOptions) {
    this.remote = options.remote;
    this.address = options.address;
    this.isPrivate = options.isPrivate;
    this.isSecure = options.isSecure;
    this.token = options.token;
    this.encoder = link.encoder;
    this.#options = options;
    this.#sent = new SentFrames(link.encoder.framing);
    this.#heartbeat = new Heartbeat(this.#sent);
    this.#lost = new LostLink(options.away.told);
    this.#attach(link);
  }

  /** Whether an app can come back to it. */
  get isOpen(): boolean {
    return !this.#isOver && !this.#hasEnded && !this.#isClosed;
  }

  onLost(run: (isLost: boolean) => void): void {
    this.#lost.onChange = run;
  }

  onMoved(run: (before: string) => void): void {
    this.#hasMoved = run;
  }

  /** The app has come back from this address; called before anything that it sends is read. */
  move({ remote, address }: Pick<Connection, "remote" | "address">): void {
    const before = this.address;
    this.remote = remote;
    this.address = address;
    if (before !== address) this.#hasMoved?.(before);
  }

  /**
   * Continues on a new link for an app that has received this many frames since its welcome; false if that is
   * not possible.
   */
  continueOn(link: Link, received: number): boolean {
    const rest = this.#sent.after(received);
    if (rest === undefined) return false;
    this.#attach(link);
    link.sendFrame({ type: "resumed" });
    for (const chunk of rest) link.send(chunk);
    this.#heartbeat.ping();
    return true;
  }

  /**
   * Continues on a new link for an app that has lost its state: it is welcomed anew, and finds in the history
   * what was on its way before.
   */
  restartOn(link: Link): void {
    this.#sent.restart();
    this.#attach(link);
  }

  /** Passes lines of the app to the reader. */
  received(_link: Link, lines: Uint8Array): void {
    if (lines.length === 0) return;
    this.#heartbeat.heard();
    this.#isMidLine = lines.at(-1) !== LF;
    this.#arrived.push(lines);
  }

  pause(): void {
    this.#link?.pause();
  }

  resume(): void {
    // Answers to pings may be behind what was not read meanwhile.
    this.#heartbeat.heard();
    this.#link?.resume();
  }

  pinged(link: Link): void {
    this.received(link, EMPTY_LINE);
  }

  ponged(link: Link, count: number): void {
    if (link !== this.#link) return;
    if (!this.#heartbeat.answered()) this.#arrived.push(EMPTY_LINE);
    this.#sent.arrived(count);
  }

  /** Nothing more comes over a link: the app may come back over another. */
  ended(link: Link, code: number): void {
    if (this.#link !== link) return;
    // An app that sends lines may end them, and still be sent what it asked for.
    if (link.isOver) this.#detach();
    if (this.#hasEnded) return link.isOver ? this.close() : undefined;
    if (this.#isBack !== undefined) return;
    const { away } = this.#options;
    const saidGoodbye = GOODBYES.includes(code);
    this.#lost.begin();
    this.#isBack = away.waiting.enter(this.address, () => {
      this.#isOver = true;
      const lost = new Deno.errors.ConnectionAborted("the app did not come back");
      this.#arrived.end(saidGoodbye ? null : lost);
    }, saidGoodbye ? away.left : away.lost);
  }

  /** The server stops: the code tells the app so, and it may try again later. */
  stop(): void {
    this.#endCode = GOING_AWAY;
  }

  /**
   * Called from time to time: finds out what has arrived, and whether the link works. While its input is not
   * read, no answer can be seen.
   */
  beat(): void {
    if (!this.#arrived.isPaused && this.#heartbeat.beat()) this.#link?.terminate();
  }

  read(buffer: Uint8Array): Promise<number | null> {
    return this.#arrived.read(buffer);
  }

  expectWelcome(place: WelcomePlace | undefined): void {
    this.#sent.expectWelcome(place);
  }

  write(chunk: Uint8Array): Promise<number> {
    const { length } = chunk, link = this.#link;
    if (this.#isClosed) return Promise.reject(new Deno.errors.BrokenPipe("closed"));
    const due = this.#sent.add(chunk);
    if (link === undefined) return Promise.resolve(length);
    // An error is the link's: what was not sent is kept for the next link.
    return new Promise((resolve) => {
      const done = () => {
        if (this.#onWritten === done) this.#onWritten = undefined;
        resolve(length);
      };
      this.#onWritten = done;
      if (this.#heartbeat.isDue) this.#heartbeat.ping(due, done);
      else link.send(due, done);
    });
  }

  endWrites(isEvicted = false): void {
    if (this.#hasEnded) return;
    this.#hasEnded = true;
    if (this.#link === undefined) this.close();
    else this.#link.close(isEvicted ? TRY_LATER : this.#endCode);
  }

  endReads(): void {
    // An app ends with its link, or says that it leaves.
  }

  close(isEvicted = false): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#isBack?.();
    this.#lost.end();
    const link = this.#link;
    this.#detach();
    link?.terminate(isEvicted);
    this.#arrived.end(new Deno.errors.Interrupted("closed"));
    this.#options.closed(this);
    this.#onClosed?.();
  }

  async closed(): Promise<void> {
    if (!this.#isClosed) await new Promise<void>((resolve) => this.#onClosed = resolve);
  }

  #attach(link: Link): void {
    this.#isBack?.();
    this.#isBack = undefined;
    this.#lost.back();
    const before = this.#link;
    this.#link = link;
    const most = link.ping === undefined ? MAY_BE_ON_ITS_WAY : ON_ITS_WAY;
    this.#sent.most = Math.min(most, this.#options.most);
    this.#heartbeat.use(link);
    before?.close(REPLACED, "The session continues on another connection.");
    // What the old link may never get rid of is sent over the new one.
    this.#onWritten?.();
    // What comes over another link is no part of that line.
    if (this.#isMidLine) this.received(link, EMPTY_LINE);
    if (this.#arrived.isPaused) link.pause();
    link.owner = this;
  }

  #detach(): void {
    this.#link = undefined;
    this.#sent.most = this.#options.most;
    this.#heartbeat.use(undefined);
  }
}
