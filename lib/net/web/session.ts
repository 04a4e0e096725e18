// One app's connection, over one WebSocket after another: when a link is lost, what is sent meanwhile is
// kept, and a new link goes on where the old one ended. Where more was sent than is kept, an app that comes
// back is told everything anew, and asks for what was said.
//
// What has arrived is known by pings: each says how many bytes went before it, and browsers and libraries
// answer it by themselves with the same words.

import type { Socket } from "node:net";
// @ts-types="@types/ws"
import type { RawData, WebSocket } from "ws";
import { Arrivals } from "../arrivals.ts";
import type { Connection } from "../connection.ts";
import { Kept } from "./kept.ts";

/** One WebSocket, and the socket below it: to that, frames are written which are made already. */
export interface Link {
  readonly ws: WebSocket;
  readonly socket: Socket;
}

/** Whose connection it is, and what it is bounded by. */
export interface SessionOptions extends Pick<Connection, "remote" | "address" | "isPrivate"> {
  /** Bytes that are kept for an app which is away. */
  readonly most: number;
  /** Milliseconds that it may be away: when its link was lost, and when it said goodbye. */
  readonly away: { readonly lost: number; readonly left: number };
}

/** Bytes behind which a ping is due; and those that are kept, at most, of what is on its way. */
const PING_AFTER = 64 * 1024, ON_ITS_WAY = 256 * 1024;
/** Beats that a ping may go unanswered, and behind which one is due where nothing was sent. */
const BEATS = 4;
/** WebSocket's codes: the end was meant; the page was left, or the server stops; the app broke a rule. */
const NORMAL = 1000, GOING_AWAY = 1001, UNSUPPORTED = 1003;
const LF = 10, BLANK = 32;

/** An app's connection. */
export class Session implements Connection {
  readonly remote: string;
  readonly address: string;
  readonly isPrivate: boolean;
  readonly #options: SessionOptions;
  readonly #kept = new Kept();
  readonly #arrivals = new Arrivals({
    pause: () => this.#link?.ws.pause(),
    resume: () => this.#link?.ws.resume(),
  });
  readonly #closed = Promise.withResolvers<void>();
  #link: Link | undefined;
  /** Runs while there is no link. */
  #away: ReturnType<typeof setTimeout> | undefined;
  /** What the last ping told of, and whether it was answered. */
  #pinged = 0;
  #isAnswered = true;
  /** Beats since the last ping. */
  #beats = 0;
  /** Whether nobody can come back; whether nothing more will be written; whether it is closed. */
  #isOver = false;
  #hasEnded = false;
  #isClosed = false;
  /** What the app is told as its connection ends. */
  #endCode = NORMAL;

  constructor(link: Link, options: SessionOptions) {
    this.remote = options.remote;
    this.address = options.address;
    this.isPrivate = options.isPrivate;
    this.#options = options;
    this.#attach(link);
  }

  /** Whether an app can come back to it. */
  get isOpen(): boolean {
    return !this.#isOver && !this.#hasEnded && !this.#isClosed;
  }

  /**
   * Goes on over a new link, behind a greeting, for an app that has had so many frames; false where that
   * cannot be.
   */
  resume(link: Link, { received, greeting }: { received: number; greeting: Uint8Array }): boolean {
    const rest = this.#kept.behind(received);
    if (rest === undefined) return false;
    this.#attach(link);
    for (const chunk of [greeting, ...rest]) link.socket.write(chunk);
    this.#ping();
    return true;
  }

  /** Goes on over a new link for an app that has forgotten what it was sent. */
  restart(link: Link): void {
    this.#kept.clear();
    this.#attach(link);
  }

  /** Passes a message on to whoever reads, as a line: line ends within it are blanks. */
  receive(message: Uint8Array): void {
    const line = new Uint8Array(message.length + 1);
    line.set(message);
    for (let at = line.indexOf(LF); at !== -1; at = line.indexOf(LF, at)) line[at] = BLANK;
    line[message.length] = LF;
    this.#arrivals.push(line);
  }

  /** The server stops: an app is told so by the code, and may try again later. */
  stop(): void {
    this.#endCode = GOING_AWAY;
  }

  /**
   * From time to time: finds out what has arrived, and whether the link is alive. One that has not answered
   * a ping after so many beats is lost.
   */
  beat(): void {
    if (this.#link === undefined) return;
    this.#beats++;
    if (!this.#isAnswered && this.#beats >= BEATS) this.#link.ws.terminate();
    else if (this.#isAnswered && (this.#kept.size > 0 || this.#beats >= BEATS)) this.#ping();
  }

  read(buffer: Uint8Array): Promise<number | null> {
    return this.#arrivals.read(buffer);
  }

  async write(chunk: Uint8Array): Promise<number> {
    if (this.#isClosed) throw new Deno.errors.BrokenPipe("closed");
    const { most } = this.#options;
    this.#kept.push(chunk, this.#link === undefined ? most : Math.min(ON_ITS_WAY, most));
    if (this.#link === undefined) return chunk.length;
    const { socket } = this.#link;
    // An error is the link's: what was not sent is kept for the next one.
    await new Promise<void>((resolve) => socket.write(chunk, () => resolve()));
    if (this.#kept.written - this.#pinged > PING_AFTER) this.#ping();
    return chunk.length;
  }

  endWrites(): void {
    if (this.#hasEnded) return;
    this.#hasEnded = true;
    if (this.#link === undefined) this.close();
    else this.#link.ws.close(this.#endCode);
  }

  endReads(): void {
    // An app ends with its link, or by what it says.
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    clearTimeout(this.#away);
    const { socket } = this.#link ?? {};
    this.#link = undefined;
    // A reset: the system would keep for minutes what a peer that has stopped does not read.
    if (socket?.writableLength) socket.resetAndDestroy();
    else socket?.destroy();
    this.#arrivals.end(new Deno.errors.Interrupted("closed"));
    this.#closed.resolve();
  }

  closed(): Promise<void> {
    return this.#closed.promise;
  }

  #attach(link: Link): void {
    clearTimeout(this.#away);
    const before = this.#link;
    this.#link = link;
    this.#isAnswered = true;
    before?.ws.terminate();
    const { ws } = link;
    ws.on("message", (data: RawData, isBinary: boolean) => {
      if (isBinary) ws.close(UNSUPPORTED, "Send text.");
      else this.receive(data as Uint8Array);
    });
    ws.on("pong", (data: Uint8Array) => this.#answered(Number(new TextDecoder().decode(data))));
    // Its close follows.
    ws.on("error", () => undefined);
    ws.on("close", (code: number) => this.#detach(link, code));
  }

  #detach(link: Link, code: number): void {
    if (this.#link !== link) return;
    this.#link = undefined;
    if (this.#hasEnded) return this.close();
    const saidGoodbye = code === NORMAL || code === GOING_AWAY;
    const { lost, left } = this.#options.away;
    this.#away = setTimeout(() => {
      this.#isOver = true;
      const lost = new Deno.errors.ConnectionAborted("the app did not come back");
      this.#arrivals.end(saidGoodbye ? null : lost);
    }, saidGoodbye ? left : lost);
  }

  #ping(): void {
    this.#pinged = this.#kept.written;
    this.#isAnswered = false;
    this.#beats = 0;
    this.#link?.ws.ping(String(this.#pinged));
  }

  #answered(bytes: number): void {
    this.#isAnswered = true;
    if (bytes <= this.#kept.written) this.#kept.arrived(bytes);
  }
}
