// One link to an app, over a connection: whole frames out, one write at a time, and lines in. A WebSocket and
// JSON lines (websocket.ts, json_lines.ts) differ in how bytes are read and in how a link ends.

import { log } from "../../log.ts";
import { toBytes } from "../../wire/chunk.ts";
import type { ServerFrame } from "../../wire/frames.ts";
import type { JsonEncoder } from "../../wire/json_frames.ts";
import { type Connection, isPeerFault } from "../connection.ts";
import { ReadChunk } from "../read_chunk.ts";
import { LOST } from "./codes.ts";

/** Whose link it is: what is told of what comes over it. */
export interface LinkOwner {
  /**
   * Messages: each ends with LF, and has none before; of one that is too long, parts as they come. The
   * receiver may keep the bytes.
   */
  received(link: Link, lines: Uint8Array): void;
  /** The app has sent a ping, which counts against its rate. */
  pinged(link: Link): void;
  /** The app has answered the ping with this count, or says so. */
  ponged(link: Link, count: number): void;
  /** Nothing more will come. Said again if later nothing can be sent either; `isOver` tells. */
  ended(link: Link, code: number): void;
}

/** What waits to be written, and what to call once it is. */
interface Waiting {
  readonly chunk: Uint8Array;
  readonly done: () => void;
}

const READ_SIZE = { idle: 128, busy: 4096 };
/** Milliseconds that a link may take to close. */
const CLOSE_WITHIN = 1000;
const NONE: Waiting[] = [], EMPTY: Uint8Array = new Uint8Array(0);
const nothing = () => {};
const NOBODY: LinkOwner = { received: nothing, pinged: nothing, ponged: nothing, ended: nothing };

/** A link. */
export abstract class Link {
  /** Encodes what is sent over it. */
  abstract readonly encoder: JsonEncoder;
  owner: LinkOwner = NOBODY;
  /** The code with which it ended. */
  protected code = LOST;

  readonly #connection: Connection;
  #waiting = NONE;
  /** What is being written, empty when nothing is; and what to call after it. */
  #inFlight = EMPTY;
  #done = nothing;
  // Made once, as in the outbox.
  readonly #onWritten = (count: number) => this.#written(count);
  readonly #onFailed = (error: unknown) => this.#failed(error);
  #isPaused = false;
  #wake = nothing;
  /** Whether nothing more is accepted for sending; and whether sending has failed. */
  #isClosing = false;
  #isBroken = false;
  #readsEnded = false;
  #writesEnded = false;
  #isOver = false;
  #deadline: ReturnType<typeof setTimeout> | undefined;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  /** Whether nothing comes and nothing can be sent any more. */
  get isOver(): boolean {
    return this.#isOver;
  }

  /** Sends a chunk, if there is one, and a ping with a count; undefined where there are no pings. */
  ping?(count: number, after?: Uint8Array, done?: () => void): void;

  /** Begins to read; `head` was read before. */
  start(head = EMPTY): void {
    // It rejects only on a bug, which then crashes.
    void this.#read(head);
  }

  /** Sends whole frames after those before; calls `done` when they have left, or never will. */
  send(chunk: Uint8Array, done = nothing): void {
    if (chunk.length === 0 || this.#isClosing || this.#isBroken || this.#isOver) return done();
    if (!this.#isWriting) return this.#write(chunk, done);
    if (this.#waiting === NONE) this.#waiting = [];
    this.#waiting.push({ chunk, done });
  }

  /** Sends a frame of the protocol's own. */
  sendFrame(frame: ServerFrame): void {
    this.send(toBytes(this.encoder.encodeFrame(frame)));
  }

  /** Closes it after what waits, with a code and a reason; what still comes is dropped. */
  close(code: number, reason?: string): void {
    if (this.#isClosing || this.#isOver) return;
    this.send(this.farewell(code, reason));
    this.#isClosing = true;
    // The goodbye of its app may be behind what was not read yet.
    this.#wake();
    this.#deadline = setTimeout(() => this.terminate(), CLOSE_WITHIN);
    this.settle();
  }

  /** Closes it at once; an app that has not taken what was being sent is evicted in any case. */
  terminate(isEvicted = false): void {
    if (this.#isOver) return;
    this.#connection.close(isEvicted || this.#isWriting);
    this.#finish();
  }

  /** Reads no more until it is resumed, so that TCP slows the app down. */
  pause(): void {
    this.#isPaused = true;
  }

  resume(): void {
    this.#isPaused = false;
    this.#wake();
  }

  /** Takes bytes that came; they are not used again. */
  protected abstract take(bytes: Uint8Array): void;
  /** The last bytes to send, with a code and a reason. */
  protected abstract farewell(code: number, reason?: string): Uint8Array;
  /** Whether the app is still to say goodbye before a link that was closed ends. */
  protected abstract awaitsGoodbye(): boolean;
  /** The peer has ended; returns whether it may still be sent to. */
  protected abstract takeEnd(): boolean;
  /** A frame that goes out before those that wait. */
  protected takeUrgent(): Uint8Array | undefined {
    return undefined;
  }

  protected get isClosing(): boolean {
    return this.#isClosing;
  }

  protected get isBroken(): boolean {
    return this.#isBroken;
  }

  /** Goes on with what is urgent, with what waits, or with closing, if nothing is being written. */
  protected settle(): void {
    if (this.#isWriting) return;
    const urgent = this.#isClosing || this.#isBroken ? undefined : this.takeUrgent();
    if (urgent !== undefined) return this.#write(urgent);
    const next = this.#waiting.shift();
    if (next !== undefined) return this.#write(next.chunk, next.done);
    if (this.#isClosing && (this.#readsEnded || !this.awaitsGoodbye())) this.#endWrites();
  }

  async #read(head: Uint8Array): Promise<void> {
    const buffer = new ReadChunk(READ_SIZE);
    try {
      if (head.length > 0) this.take(head);
      for (;;) {
        while (this.#isPaused && !this.#isClosing && !this.#isOver) {
          await new Promise<void>((resolve) => this.#wake = resolve);
        }
        const count = await this.#connection.read(buffer.bytes);
        if (count === null) break;
        // A copy of its size, since part of it may be kept.
        this.take(buffer.bytes.slice(0, count));
        buffer.adapt(count);
      }
      buffer.release();
    } catch (error) {
      if (!isPeerFault(error)) throw error;
      this.#connection.close();
      return this.#finish();
    }
    this.#endReads();
  }

  #endReads(): void {
    this.#readsEnded = true;
    const isWritable = this.takeEnd() && !this.#isBroken;
    this.#connection.endReads();
    if (this.#writesEnded) return this.#finish();
    if (this.#isClosing) return this.settle();
    if (!isWritable) return this.terminate();
    this.owner.ended(this, this.code);
  }

  #endWrites(): void {
    if (this.#writesEnded || this.#isOver) return;
    this.#writesEnded = true;
    this.#connection.endWrites();
    if (this.#readsEnded) this.#finish();
  }

  get #isWriting(): boolean {
    return this.#inFlight !== EMPTY;
  }

  #write(chunk: Uint8Array, done = nothing): void {
    this.#inFlight = chunk;
    this.#done = done;
    void this.#connection.write(chunk).then(this.#onWritten, this.#onFailed);
  }

  #written(count: number): void {
    if (this.#isOver) return;
    const done = this.#done;
    if (count < this.#inFlight.length) return this.#write(this.#inFlight.subarray(count), done);
    this.#inFlight = EMPTY;
    this.settle();
    done();
  }

  /** Nothing can be sent any more; what was sent before is still read. */
  #failed(error: unknown): void {
    if (!isPeerFault(error)) throw error;
    if (this.#isOver) return;
    log.debug("write to {remote} failed: {error}", {
      remote: this.#connection.remote,
      error: String(error),
    });
    this.#isBroken = true;
    this.#drop();
    if (this.#isClosing || this.#readsEnded) this.terminate();
  }

  /** Drops what is to be written. */
  #drop(): void {
    const waiting = this.#waiting, done = this.#done;
    this.#waiting = NONE;
    this.#inFlight = EMPTY;
    this.#done = nothing;
    done();
    for (const each of waiting) each.done();
  }

  #finish(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    clearTimeout(this.#deadline);
    this.#wake();
    this.#drop();
    this.owner.ended(this, this.code);
  }
}
