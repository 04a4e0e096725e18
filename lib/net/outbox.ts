// A member's outbox: what waits to be sent on one connection, and at most one write in flight.
//
// 1. `write` never blocks, never throws and never reorders.
// 2. What gathers while a write is under way goes out as one write.
// 3. More than `maxPending` bytes waiting, or no progress for `writeTimeout`, ends the connection: the
//    reason is sent after the write in flight, and has a second to leave.
// 4. Answers that a member asked for hold up nobody else; its own reader waits until they have left.

import type { Chunk, Encoder, Outbox as ChatOutbox } from "../chat/delivery.ts";
import type { MemberId } from "../chat/message.ts";
import { log } from "../log.ts";
import type { Metrics } from "../metrics.ts";
import { toBytes, toChunk } from "../wire/chunk.ts";
import { Answers } from "./answers.ts";
import type { Backpressure } from "./backpressure.ts";
import { DROPPED, PENDING, QUEUED, SENT } from "./byte_counts.ts";
import { type Connection, isPeerFault } from "./connection.ts";
import { join } from "./join.ts";
import { Pace } from "./pace.ts";

/** Options that all outboxes share. */
export interface OutboxOptions {
  readonly limits: {
    /** Most bytes that may wait. */
    readonly maxPending: number;
    /** Milliseconds that a write may make no progress; 0: no limit. */
    readonly writeTimeout: number;
  };
  readonly backpressure: Backpressure;
  readonly metrics: Metrics;
}

/** Milliseconds that the last words may take, and that a peer may go on sending after the end. */
const LINGER = 1000;

const NOTHING: Uint8Array[] = [], EMPTY: Uint8Array = new Uint8Array(0);

/** Why a connection was ended from here, though nobody in the chat asked for it. */
export type Eviction = "slow" | "stalled" | "idle" | "password";

/** The outbox of one connection. */
export class Outbox implements ChatOutbox {
  readonly #connection: Connection;
  readonly #encoder: Encoder;
  readonly #options: OutboxOptions;
  /** Chunks that wait for the write in flight. */
  #waiting = NOTHING;
  /** Bytes waiting and in flight. */
  #pending = 0;
  /** What is being written; empty when nothing is. */
  #inFlight = EMPTY;
  // Made once: an async function for each write makes so much garbage that 100 clients who all talk were
  // sent 8 % fewer deliveries a second, and 1,000 who listen had pauses of 10 ms.
  readonly #onWritten = (count: number) => this.#written(count);
  readonly #onFailed = (error: unknown) => this.#failed(error);
  /** How the connection is ending: the peer is gone, it was evicted, or everything was sent. */
  #closing: "broken" | "evicted" | "flushed" | undefined;
  readonly #pace: Pace;
  /** Milliseconds without progress, by `tick`. */
  #quiet = 0;
  /** Which of the bytes are answers that its own member asked for. */
  readonly answers = new Answers();

  /** The member's number, 0 before it has joined; and its name, for the log. */
  member: MemberId = 0;
  name = "";
  /** Called once the member has a name, or the connection has ended: it no longer waits to join. */
  onNamed: (() => void) | undefined;
  /** Why it ended; undefined while it is open. */
  why: string | undefined;
  /** Why it was evicted, if it was. */
  eviction: Eviction | undefined;
  /** Bytes sent. */
  sent = 0;
  /** Whether a write found the connection reset; the reader then sees only a plain end. */
  wasReset = false;

  constructor(connection: Connection, encoder: Encoder, options: OutboxOptions) {
    this.#connection = connection;
    this.#encoder = encoder;
    this.#options = options;
    this.#pace = new Pace(options.backpressure, options.limits.maxPending);
  }

  /** Bytes that wait, those being written included. */
  get pending(): number {
    return this.#pending;
  }

  /** Milliseconds for which its peer has taken nothing of what waits. */
  get quiet(): number {
    return this.#isWriting ? this.#quiet : 0;
  }

  named(name: string, member: MemberId): void {
    const { remote } = this.#connection;
    if (this.name !== "") {
      log.info("{name} at {remote} is now {to}", { name: this.name, remote, to: name });
    }
    this.name = name;
    this.member = member;
    this.#stopWaiting();
  }

  write(chunk: Chunk, isAnswer = false): void {
    const bytes = toBytes(chunk);
    const { limits, metrics } = this.#options;
    metrics.add(QUEUED, bytes.length);
    if (this.why !== undefined || this.#closing !== undefined) {
      return metrics.add(DROPPED.ended, bytes.length);
    }
    if (this.#pending > 0 && this.#pending + bytes.length > limits.maxPending) {
      metrics.add(DROPPED.evicted, bytes.length);
      return this.evict("slow", "reads too slowly");
    }
    if (isAnswer) this.answers.add(this.sent + this.#pending, bytes.length);
    this.#enqueue(bytes);
    this.#pace.added(this.#heard);
  }

  welcome(chunk: Chunk): void {
    const start = this.sent + this.#pending;
    this.#connection.expectWelcome?.({ start, end: start + toBytes(chunk).length });
    this.write(chunk, true);
  }

  answered(): void {
    this.answers.answered();
  }

  end(why: string): void {
    if (this.why !== undefined) return;
    this.why = why;
    this.#stopWaiting();
    this.answers.end();
    this.#pace.end();
    this.#quiet = 0;
    if (!this.#isWriting) this.#finish();
  }

  /** Ends the connection from this side: drops what waits, sends `words` last. Without an eviction it was never in. */
  evict(
    eviction: Eviction | undefined,
    why: string,
    words = `You are disconnected: ${why}.`,
  ): void {
    if (this.why !== undefined) return;
    const { metrics } = this.#options;
    this.eviction = eviction;
    for (const chunk of this.#waiting.splice(0)) {
      this.#pending -= chunk.length;
      metrics.add(DROPPED.evicted, chunk.length);
    }
    this.#connection.expectWelcome?.(undefined);
    const farewell = this.#encoder.encode([{ kind: "notice", text: words }]);
    if (farewell !== undefined && this.#closing === undefined) {
      const bytes = toBytes(farewell);
      metrics.add(QUEUED, bytes.length);
      this.#enqueue(bytes);
    }
    this.#closing ??= "evicted";
    this.end(why);
  }

  /** Says that this many milliseconds have passed, which drives its deadlines. */
  tick(elapsed: number): void {
    if (!this.#isWriting && this.why === undefined) return;
    this.#quiet += elapsed;
    this.#pace.tick(elapsed);
    const { limits: { writeTimeout }, metrics } = this.#options;
    metrics.observe(PENDING, this.#pending);
    if (this.why !== undefined) {
      // What was sent before the member left has as long as before; last words have a second.
      const limit = this.#closing === undefined ? Math.max(writeTimeout, LINGER) : LINGER;
      if (this.#quiet > limit) this.#connection.close(this.#closing === "evicted");
    } else if (writeTimeout > 0 && this.#quiet > writeTimeout) {
      this.evict("stalled", "stopped reading");
    } else this.#pace.judge(this.#heard);
  }

  #enqueue(chunk: Uint8Array): void {
    this.#pending += chunk.length;
    if (this.#isWriting) {
      if (this.#waiting === NOTHING) this.#waiting = [];
      this.#waiting.push(chunk);
      return;
    }
    this.#pace.begin();
    this.#send(chunk);
  }

  /** Bytes that wait besides answers: those its own member asked for. */
  get #heard(): number {
    return this.#pending - this.answers.waiting;
  }

  get #isWriting(): boolean {
    return this.#inFlight !== EMPTY;
  }

  /** Begins to write a chunk; what is added meanwhile is written after it. */
  #send(chunk: Uint8Array): void {
    const { name } = this;
    log.debug(
      "sent {text} to {name}",
      () => ({ text: this.#encoder.describe(toChunk(chunk)), name }),
    );
    this.#write(chunk);
  }

  #write(chunk: Uint8Array): void {
    this.#inFlight = chunk;
    void this.#connection.write(chunk).then(this.#onWritten, this.#onFailed);
  }

  /** This many bytes were taken: goes on with the rest, then with what waits, until there is nothing. */
  #written(count: number): void {
    this.#pending -= count;
    this.sent += count;
    this.#options.metrics.add(SENT, count);
    if (this.answers.waiting > 0) this.answers.sentUpTo(this.sent);
    // Last words have their second, however slowly the peer takes them.
    if (this.#closing === undefined) this.#quiet = 0;
    this.#pace.took(count, this.#heard);
    if (count < this.#inFlight.length) return this.#write(this.#inFlight.subarray(count));
    const next = this.#take();
    if (next.length > 0) this.#send(next);
    else this.#rest();
  }

  /** The peer is gone: what it sent before is still read, and the reader ends the connection. */
  #failed(error: unknown): void {
    if (!isPeerFault(error)) throw error;
    log.debug("write to {remote} failed: {error}", {
      remote: this.#connection.remote,
      error: String(error),
    });
    this.#closing = "broken";
    this.wasReset = error instanceof Deno.errors.ConnectionReset;
    this.#waiting = NOTHING;
    this.#options.metrics.add(DROPPED.broken, this.#pending);
    this.#pending = 0;
    this.answers.end();
    this.#pace.end();
    this.#rest();
  }

  #rest(): void {
    this.#inFlight = EMPTY;
    if (this.why !== undefined) this.#finish();
  }

  #finish(): void {
    this.#closing ??= "flushed";
    this.#quiet = 0;
    this.#connection.endWrites(this.#closing === "evicted");
  }

  /** All that waits, as one chunk; an empty one when nothing does. */
  #take(): Uint8Array {
    const chunks = this.#waiting;
    if (chunks.length === 0) return EMPTY;
    if (chunks.length === 1) return chunks.pop()!;
    this.#waiting = NOTHING;
    return join(chunks);
  }

  #stopWaiting(): void {
    this.onNamed?.();
    this.onNamed = undefined;
  }
}
