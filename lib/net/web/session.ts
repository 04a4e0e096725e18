// One app's connection over any number of WebSockets: when a link is lost, what is sent meanwhile is kept,
// and a new link continues where the old one ended. If more was sent than is kept, a returning app is told
// everything anew, and asks for the messages that it missed.
//
// Pings tell what has arrived: each carries the count of bytes before it, and browsers and libraries answer
// it by themselves with the same payload.

import type { Socket } from "node:net";
// @ts-types="@types/ws"
import type { RawData, WebSocket } from "ws";
import { ReadBuffer } from "../read_buffer.ts";
import type { Connection, WelcomePlace } from "../connection.ts";
import type { PendingConnections } from "../pending_connections.ts";
import { GOING_AWAY, NO_CODE, NORMAL, REPLACED, TRY_LATER, UNSUPPORTED } from "./codes.ts";
import { ReplayBuffer } from "./replay_buffer.ts";

/** A WebSocket, and the socket below it, to which frames that are already encoded are written. */
export interface AppSocket {
  readonly ws: WebSocket;
  readonly socket: Socket;
  /** The socket below a secure one; else the same. */
  readonly tcp: Socket;
}

/** Whose connection it is, and its limits. */
export interface SessionOptions
  extends Pick<Connection, "remote" | "address" | "isPrivate" | "isSecure"> {
  /** Most bytes that are kept for an app that is away. */
  readonly most: number;
  /** Where apps that are away are counted; and milliseconds, after a lost link and after a goodbye. */
  readonly away: {
    readonly room: PendingConnections;
    readonly lost: number;
    readonly left: number;
  };
}

/** Bytes after which a ping is due; and the most bytes on their way that are kept for a connected app. */
const PING_AFTER = 64 * 1024, ON_ITS_WAY = 256 * 1024;
/** Beats that a ping may go unanswered, and after which one is due if nothing was sent. */
const BEATS = 4;
const LF = 10, BLANK = 32;
/** A frame that is no message is read as an empty line, which counts against the rate like any other. */
const EMPTY_LINE = Uint8Array.of(LF);
/** Codes with which an app leaves on purpose: a browser that closes a page, a bot that ends. */
const GOODBYES: readonly number[] = [NORMAL, GOING_AWAY, NO_CODE];
/** In a ping: no frames have been counted yet. */
const NONE = -1;
const NOTHING = new Uint8Array(0);
const DECODER = new TextDecoder();

/** The connection of an app. */
export class Session implements Connection {
  remote: string;
  address: string;
  readonly isPrivate: boolean;
  readonly isSecure: boolean;
  readonly #options: SessionOptions;
  readonly #replay = new ReplayBuffer();
  readonly #arrived = new ReadBuffer({
    pause: () => this.#link?.ws.pause(),
    resume: () => this.#link?.ws.resume(),
  });
  readonly #closed = Promise.withResolvers<void>();
  #link: AppSocket | undefined;
  /** Called with the address before, when the app continues from another one. */
  #hasMoved = (_before: string) => {};
  /** Ends the wait for an app that is away. */
  #isBack = () => {};
  /** The count in the last ping, and whether it was answered. */
  #pinged = 0;
  #isAnswered = true;
  /** Beats since the last ping. */
  #beats = 0;
  /** Whether nobody can come back; whether nothing more will be written; whether it is closed. */
  #isOver = false;
  #hasEnded = false;
  #isClosed = false;
  /** The code with which the connection ends. */
  #endCode = NORMAL;
  /** Whether the welcome was sent; from there on frames are counted and kept. */
  #isWelcomed = false;
  /** Where the next welcome will be among the bytes written; and how many bytes were. */
  #welcome: WelcomePlace | undefined;
  #written = 0;
  /** Whether it was begun anew, and the app may not have the new welcome yet. */
  #isStale = false;

  constructor(link: AppSocket, options: SessionOptions) {
    this.remote = options.remote;
    this.address = options.address;
    this.isPrivate = options.isPrivate;
    this.isSecure = options.isSecure;
    this.#options = options;
    this.#attach(link);
  }

  /** Whether an app can come back to it. */
  get isOpen(): boolean {
    return !this.#isOver && !this.#hasEnded && !this.#isClosed;
  }

  onMoved(run: (before: string) => void): void {
    this.#hasMoved = run;
  }

  /** The app has come back from this address; called before anything that it sends is read. */
  move({ remote, address }: Pick<Connection, "remote" | "address">): void {
    const before = this.address;
    this.remote = remote;
    this.address = address;
    if (before !== address) this.#hasMoved(before);
  }

  /**
   * Continues on a new link, after a greeting, for an app that has received this many frames since its
   * welcome; false if that is not possible.
   */
  resume(
    link: AppSocket,
    { received, greeting }: { received: number; greeting: Uint8Array },
  ): boolean {
    const rest = this.#isStale ? undefined : this.#replay.behind(received);
    if (rest === undefined) return false;
    this.#attach(link);
    for (const chunk of [greeting, ...rest]) link.socket.write(chunk);
    this.#ping();
    return true;
  }

  /**
   * Continues on a new link for an app that has lost its state: it is welcomed anew, and finds in the history
   * what was on its way before.
   */
  restart(link: AppSocket): void {
    this.#isStale ||= this.#isWelcomed;
    this.#isWelcomed = false;
    // A welcome that was on its way is not the new one.
    this.#welcome = undefined;
    this.#replay.clear();
    this.#attach(link);
  }

  /** Passes a message to the reader as a line: line ends within it become spaces. */
  receive(message: Uint8Array): void {
    // Its pong may come after this message.
    this.#beats = 0;
    const line = new Uint8Array(message.length + 1);
    line.set(message);
    for (let at = line.indexOf(LF); at !== -1; at = line.indexOf(LF, at)) line[at] = BLANK;
    line[message.length] = LF;
    this.#arrived.push(line);
  }

  /** The server stops: the code tells the app so, and it may try again later. */
  stop(): void {
    this.#endCode = GOING_AWAY;
  }

  /**
   * Called from time to time: finds out what has arrived, and whether the link works. A link that has not
   * answered a ping after so many beats is lost. While its input is not read, no answer can be seen.
   */
  beat(): void {
    if (this.#link === undefined || this.#arrived.isPaused) return;
    this.#beats++;
    if (!this.#isAnswered && this.#beats >= BEATS) this.#link.ws.terminate();
    else if (this.#isAnswered && (this.#replay.size > 0 || this.#beats >= BEATS)) this.#ping();
  }

  read(buffer: Uint8Array): Promise<number | null> {
    return this.#arrived.read(buffer);
  }

  expectWelcome(place: WelcomePlace | undefined): void {
    this.#welcome = place;
  }

  async write(chunk: Uint8Array): Promise<number> {
    if (this.#isClosed) throw new Deno.errors.BrokenPipe("closed");
    const due = this.#take(chunk);
    if (this.#link === undefined) return chunk.length;
    const { socket } = this.#link;
    // An error is the link's: what was not sent is kept for the next link.
    await new Promise<void>((resolve) => socket.write(due, () => resolve()));
    if (this.#replay.written - this.#pinged > PING_AFTER) this.#ping();
    return chunk.length;
  }

  endWrites(isEvicted = false): void {
    if (this.#hasEnded) return;
    this.#hasEnded = true;
    if (this.#link === undefined) this.close();
    else this.#link.ws.close(isEvicted ? TRY_LATER : this.#endCode);
  }

  endReads(): void {
    // An app ends with its link, or says that it leaves.
  }

  close(isEvicted = false): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#isBack();
    const { socket, tcp } = this.#link ?? {};
    this.#link = undefined;
    // Reset: otherwise the system would keep for minutes what a stopped peer does not read.
    if (isEvicted || socket?.writableLength) tcp?.resetAndDestroy();
    else socket?.destroy();
    this.#arrived.end(new Deno.errors.Interrupted("closed"));
    this.#closed.resolve();
  }

  closed(): Promise<void> {
    return this.#closed.promise;
  }

  /** Keeps what follows the welcome; returns what to send. */
  #take(chunk: Uint8Array): Uint8Array {
    const before = this.#written;
    this.#written += chunk.length;
    const isUnheard = this.#isStale && !this.#isWelcomed;
    const { start, end } = this.#welcome ?? { start: Infinity, end: Infinity };
    if (end > this.#written) {
      if (this.#isWelcomed) this.#keep(chunk);
      return isUnheard ? NOTHING : chunk;
    }
    this.#welcome = undefined;
    this.#isWelcomed = true;
    this.#replay.clear();
    this.#keep(chunk.subarray(end - before));
    return isUnheard ? chunk.subarray(start - before) : chunk;
  }

  #keep(chunk: Uint8Array): void {
    const { most } = this.#options;
    this.#replay.push(chunk, this.#link === undefined ? most : Math.min(ON_ITS_WAY, most));
  }

  #attach(link: AppSocket): void {
    this.#isBack();
    const before = this.#link;
    this.#link = link;
    this.#isAnswered = true;
    before?.ws.close(REPLACED, "The session continues on another connection.");
    const { ws } = link;
    if (this.#arrived.isPaused) ws.pause();
    ws.on("message", (data: RawData, isBinary: boolean) => {
      if (isBinary) ws.close(UNSUPPORTED, "Send text.");
      else this.receive(data as Uint8Array);
    });
    ws.on("ping", () => this.#arrived.push(EMPTY_LINE));
    ws.on("pong", (data: Uint8Array) => this.#answered(link, Number(DECODER.decode(data))));
    // A close follows the error.
    ws.on("error", () => undefined);
    ws.on("close", (code: number) => this.#detach(link, code));
  }

  #detach(link: AppSocket, code: number): void {
    if (this.#link !== link) return;
    this.#link = undefined;
    if (this.#hasEnded) return this.close();
    const { away } = this.#options;
    const saidGoodbye = GOODBYES.includes(code);
    this.#isBack = away.room.enter(this.address, () => {
      this.#isOver = true;
      const lost = new Deno.errors.ConnectionAborted("the app did not come back");
      this.#arrived.end(saidGoodbye ? null : lost);
    }, saidGoodbye ? away.left : away.lost);
  }

  #ping(): void {
    this.#pinged = this.#replay.written;
    this.#isAnswered = false;
    this.#beats = 0;
    this.#link?.ws.ping(String(this.#isWelcomed ? this.#pinged : NONE));
  }

  #answered(link: AppSocket, bytes: number): void {
    if (link !== this.#link) return;
    if (this.#isAnswered) this.#arrived.push(EMPTY_LINE);
    this.#isAnswered = true;
    if (!this.#isWelcomed || !(bytes >= 0 && bytes <= this.#replay.written)) return;
    this.#isStale = false;
    this.#replay.arrived(bytes);
  }
}
