// A member's outbox: what waits for one connection, and at most one write in flight.
//
// 1. `write` never blocks, never throws and never reorders.
// 2. What gathers while a write is under way goes out as one write.
// 3. More than `maxPending` bytes waiting, or no progress for `writeTimeout`, ends the connection: the
//    reason is put behind the write in flight and given a second to leave.

import type { Chunk, Outbox as ChatOutbox } from "../chat/event.ts";
import { log } from "../log.ts";
import type { Metrics } from "../metrics.ts";
import { type Connection, isPeerFault } from "./connection.ts";

/** What an outbox is given. */
export interface OutboxOptions {
  /** Bytes that may wait. */
  readonly maxPending: number;
  /** Milliseconds that a write may make no progress; 0: any time. */
  readonly writeTimeout: number;
  /** Encodes the last words for a connection that is closed for a reason; may give nothing. */
  readonly farewell: (words: string) => Chunk;
  readonly metrics: Metrics;
}

/** How long, in milliseconds, last words may take and a peer may go on sending after the end. */
const LINGER = 1000;

const DECODER = new TextDecoder();

/** One connection's way out. */
export class Outbox implements ChatOutbox {
  readonly #connection: Connection;
  readonly #options: OutboxOptions;
  #waiting: Chunk[] = [];
  /** Bytes waiting and in flight. */
  #pending = 0;
  #writing = false;
  #evicted = false;
  /** Milliseconds without progress, as far as `tick` was told. */
  #quiet = 0;

  /** The name it bears, for the log. */
  name = "";
  /** Why it ended; undefined while it is open. */
  why: string | undefined;
  /** Bytes sent. */
  sent = 0;

  constructor(connection: Connection, options: OutboxOptions) {
    this.#connection = connection;
    this.#options = options;
  }

  named(name: string): void {
    this.name = name;
  }

  write(chunk: Chunk): void {
    if (this.why !== undefined) return;
    if (this.#pending > 0 && this.#pending + chunk.length > this.#options.maxPending) {
      this.#options.metrics.closedPending++;
      return this.evict("reads too slowly");
    }
    this.#enqueue(chunk);
  }

  end(why: string): void {
    if (this.why !== undefined) return;
    this.why = why;
    this.#quiet = 0;
    if (!this.#writing) void this.#drain();
  }

  /** Ends the connection against its will: what waited is dropped, and `words` are its last. */
  evict(why: string, words = `You are disconnected: ${why}`): void {
    if (this.why !== undefined) return;
    for (const chunk of this.#waiting.splice(0)) this.#pending -= chunk.length;
    const farewell = this.#options.farewell(words);
    if (farewell.length > 0) this.#enqueue(farewell);
    this.#evicted = true;
    this.end(why);
  }

  /** Tells the outbox that so many milliseconds have passed: its deadlines hang on this. */
  tick(elapsed: number): void {
    if (this.why === undefined && !this.#writing) return;
    this.#quiet += elapsed;
    if (this.why !== undefined) {
      if (this.#quiet > LINGER) this.#connection.close();
    } else if (this.#options.writeTimeout > 0 && this.#quiet > this.#options.writeTimeout) {
      this.#options.metrics.closedDeadline++;
      this.evict("stopped reading");
    }
  }

  #enqueue(chunk: Chunk): void {
    this.#waiting.push(chunk);
    this.#pending += chunk.length;
    if (!this.#writing) void this.#drain();
  }

  async #drain(): Promise<void> {
    this.#writing = true;
    this.#quiet = 0;
    try {
      while (this.#waiting.length > 0) await this.#writeOut(this.#take());
      if (this.why !== undefined) this.#connection.endWrites();
    } catch (error) {
      if (!isPeerFault(error)) throw error;
      // The peer is gone, or the connection was closed meanwhile: its reader sees the same and leaves.
      log.debug("write to {remote} failed: {error}", {
        remote: this.#connection.remote,
        error: String(error),
      });
      this.why ??= "connection lost";
      this.#waiting = [];
      this.#connection.close();
    }
    this.#writing = false;
  }

  /** All that waits, as one chunk. */
  #take(): Chunk {
    const chunks = this.#waiting;
    this.#waiting = [];
    if (chunks.length === 1) return chunks[0]!;
    const joined = new Uint8Array(chunks.reduce((total, { length }) => total + length, 0));
    let offset = 0;
    for (const chunk of chunks) {
      joined.set(chunk, offset);
      offset += chunk.length;
    }
    return joined;
  }

  async #writeOut(chunk: Chunk): Promise<void> {
    log.debug("sent {text} to {name}", () => ({ text: DECODER.decode(chunk), name: this.name }));
    for (let rest = chunk; rest.length > 0;) {
      const count = await this.#connection.write(rest);
      rest = rest.subarray(count);
      this.#pending -= count;
      this.sent += count;
      this.#options.metrics.bytesOut += count;
      // Last words have their second, however the peer trickles.
      if (!this.#evicted) this.#quiet = 0;
    }
  }
}
