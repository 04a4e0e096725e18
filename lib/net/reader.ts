// A connection's reader: turns bytes into inputs by its protocol, and puts each into the queue, as fast as
// the rate, the queue and the other members' outboxes allow. Bytes that make no input count against the rate
// all the same. While it waits it does not read, so the sender's TCP waits too.

import { find } from "../chat/commands/command.ts";
import { TABLE } from "../chat/commands/table.ts";
import type { Event, Input } from "../chat/event.ts";
import { OVERSIZE } from "../chat/fan_out.ts";
import type { ConnectionId, MemberId } from "../chat/message.ts";
import type { Queue } from "../chat/queue.ts";
import { log } from "../log.ts";
import { counter, type Metrics } from "../metrics.ts";
import { delay } from "../std/typed.ts";
import type { Protocol } from "../wire/protocol.ts";
import type { Backpressure } from "./backpressure.ts";
import { type Connection, isPeerFault } from "./connection.ts";
import type { Rates } from "./rates.ts";
import { TokenBucket } from "./token_bucket.ts";
import type { Outbox } from "./outbox.ts";
import { ReadChunk } from "./read_chunk.ts";

/** Bytes read from connections that are in, or asked for the password. */
export const RECEIVED = counter("bobchat_received_bytes_total", "Bytes that were read.");
/** Times that a reader waited because its sender exceeded the rate. */
export const THROTTLED = counter(
  "bobchat_throttles_total",
  "Times that a sender was made to wait, having said more than --rate.",
);

/** Options that all readers share. */
export interface ReaderOptions {
  readonly queue: Pick<Queue<Event>, "push">;
  readonly backpressure: Backpressure;
  readonly rates: Rates;
  /** Messages a second (0: no limit); and how many may come at once before that counts. */
  readonly limits: { readonly rate: number; readonly burst: number };
  /** Once aborted, nobody waits for the rate any more, nor for answers. */
  readonly stop: AbortSignal;
  readonly metrics: Metrics;
}

/** The connection that a reader reads, and what belongs to it. */
export interface Peer {
  readonly id: ConnectionId;
  readonly connection: Connection;
  readonly protocol: Protocol;
  readonly outbox: Outbox;
}

/** Bytes of answers that may still wait when a text follows; before the next request, none may. */
const LITTLE = 4096;
/** Bytes of answers that cost as much as a message. */
const UNIT = 4096;
/** The least bytes that one token pays for, so that a long line does not wait where lines are short. */
const LEAST = 1024;

/** Reads one connection into the queue. */
export class Reader {
  readonly #peer: Peer;
  readonly #options: ReaderOptions;
  #bucket: TokenBucket | undefined;
  /** Whose bucket it is; 0: the connection's own. */
  #payer: MemberId = 0;
  /** Bytes read that no token has paid for yet. */
  #unpaid = 0;

  /** Milliseconds since something was read, by `tick`. */
  silent = 0;
  /** Bytes read. */
  received = 0;
  /** Whether it has read something that it could not pass on yet. */
  isBusy = false;

  constructor(peer: Peer, options: ReaderOptions) {
    this.#peer = peer;
    this.#options = options;
  }

  /** Reads until the peer has ended (true) or its connection failed or was closed from here (false). */
  async run(): Promise<boolean> {
    const { connection, outbox, protocol } = this.#peer;
    try {
      const { rate } = this.#options.limits;
      const buffer = new ReadChunk(protocol.readSize);
      for (let count; (count = await connection.read(buffer.bytes)) !== null;) {
        this.received += count;
        this.#options.metrics.add(RECEIVED, count);
        this.silent = 0;
        const { lines } = protocol;
        const inputs = protocol.decode(buffer.bytes.subarray(0, count));
        if (rate > 0) this.#unpaid += count;
        await this.#pass(inputs);
        if (rate > 0) await this.#pay(protocol.lines - lines - inputs.length);
        buffer.adapt(count);
      }
      buffer.release();
      // A reset that a write was told of is an end to reads; nobody meant to send half a line before it.
      if (!outbox.wasReset) await this.#pass(protocol.end());
      connection.endReads();
      return true;
    } catch (error) {
      if (!isPeerFault(error)) throw error;
      connection.close();
      return false;
    } finally {
      this.#options.rates.leave(this.#payer);
    }
  }

  /** Puts inputs into the queue, in order, each as soon as it may. */
  async #pass(inputs: readonly Input[]): Promise<void> {
    const { backpressure, metrics, queue } = this.#options;
    const { id, outbox } = this.#peer;
    this.isBusy = true;
    for (const input of inputs) {
      // Before it has joined, a text is a request too: checking the password takes a while.
      const isAwaited = input.kind !== "text" || outbox.name === "" || undefined;
      const most = isAwaited ? 0 : LITTLE;
      if (outbox.answers.isBehind(most)) await this.#answersLeft(most);
      // An ended connection is read only so that its peer can finish; its input is ignored.
      if (outbox.why !== undefined) break;
      const wait = this.#takeTokens(this.#peer.protocol.longest);
      if (wait > 0) await this.#waitForRate(wait);
      while (backpressure.isFull) await backpressure.relief();
      if (input.kind === "oversize") metrics.add(OVERSIZE);
      this.silent = 0;
      trace(id, input, outbox.name);
      if (isAwaited) outbox.answers.asked();
      const full = queue.push({ kind: "typed", id, input, isAwaited });
      if (full !== undefined) await full;
    }
    this.isBusy = false;
  }

  /** Takes tokens for lines that became no input, and for bytes beyond the longest line. */
  async #pay(lines: number): Promise<void> {
    const { longest, maxLine } = this.#peer.protocol;
    this.isBusy = true;
    for (let due = lines; due > 0 || this.#unpaid > Math.max(longest, LEAST); due--) {
      if (this.#peer.outbox.why !== undefined) break;
      const wait = this.#takeTokens(Math.max(maxLine, LEAST));
      if (wait > 0) await this.#waitForRate(wait);
      this.silent = 0;
    }
    this.isBusy = false;
  }

  /**
   * Milliseconds until the next message may pass. A message takes tokens for its bytes, and for the answers
   * that were sent before it.
   */
  #takeTokens(bytes: number): number {
    const { limits, stop } = this.#options;
    if (limits.rate === 0) return 0;
    this.#unpaid = Math.max(0, this.#unpaid - bytes);
    if (stop.aborted) return 0;
    const now = performance.now();
    return this.#bucketAt(now).take(now, 1 + this.#peer.outbox.answers.take(UNIT));
  }

  /** The bucket of its member, which their connections share; before it has joined, its own. */
  #bucketAt(now: number): TokenBucket {
    const { limits, rates } = this.#options;
    const { member } = this.#peer.outbox;
    this.#bucket ??= new TokenBucket(limits, now);
    if (member !== this.#payer) {
      rates.leave(this.#payer);
      this.#bucket = rates.enter(member, this.#bucket);
      this.#payer = member;
    }
    return this.#bucket;
  }

  /** Waits until the last answer has left, or at most `most` bytes of it remain. */
  async #answersLeft(most: number): Promise<void> {
    const { stop } = this.#options;
    const { answers } = this.#peer.outbox;
    while (answers.isBehind(most) && !stop.aborted) await answers.change(stop);
  }

  async #waitForRate(wait: number): Promise<void> {
    const { stop, metrics } = this.#options;
    metrics.add(THROTTLED);
    try {
      await delay(wait, { signal: stop });
    } catch (error) {
      if (!stop.aborted) throw error;
    }
  }
}

/** Logs v0.1's `got … on …`, without what may be secret: a command's text, or a text before joining. */
function trace(id: ConnectionId, input: Input, name: string): void {
  log.debug("got {what} on {id}", () => ({
    id,
    what: input.kind === "text"
      ? name === "" ? "an answer on arrival" : input.text
      : input.kind === "command"
      ? `/${find(TABLE, input.name) === undefined ? "…" : input.name}`
      : input.kind,
  }));
}
