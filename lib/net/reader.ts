// A connection's reader: bytes into inputs by its protocol, and each into the queue, as fast as the
// rate and the queue let it. While it waits it does not read, so the sender's TCP waits too.

import type { Event, Input, MemberId } from "../chat/event.ts";
import type { Queue } from "../chat/queue.ts";
import { log } from "../log.ts";
import type { Metrics } from "../metrics.ts";
import { delay } from "../std/typed.ts";
import type { Protocol } from "../wire/protocol.ts";
import type { Connection } from "./connection.ts";
import type { TokenBucket } from "./limiter.ts";
import type { Outbox } from "./outbox.ts";

/** What a reader is given. */
export interface ReaderOptions {
  readonly id: MemberId;
  readonly protocol: Protocol;
  readonly outbox: Outbox;
  readonly queue: Queue<Event>;
  /** The connection's rate; none: any. */
  readonly bucket: TokenBucket | undefined;
  /** Once aborted nobody waits for the rate any more. */
  readonly stop: AbortSignal;
  readonly metrics: Metrics;
}

/** Reads one connection into the queue. */
export class Reader {
  readonly #connection: Connection;
  readonly #options: ReaderOptions;

  /** Milliseconds since something was read, as far as `tick` was told. */
  silent = 0;
  /** Bytes read. */
  received = 0;

  constructor(connection: Connection, options: ReaderOptions) {
    this.#connection = connection;
    this.#options = options;
  }

  /** Reads to the end. Rejects when the connection fails, or was closed from this side. */
  async run(): Promise<void> {
    const { protocol, metrics } = this.#options;
    const buffer = new Uint8Array(protocol.readSize);
    for (;;) {
      const count = await this.#connection.read(buffer);
      if (count === null) break;
      this.received += count;
      metrics.bytesIn += count;
      this.silent = 0;
      await this.#pass(protocol.decode(buffer.subarray(0, count)));
    }
    await this.#pass(protocol.end());
  }

  /** Puts inputs into the queue, in order, each at its time. */
  async #pass(inputs: readonly Input[]): Promise<void> {
    const { id, outbox, queue } = this.#options;
    for (const input of inputs) {
      // An ended connection is only read so that its peer can finish; nobody hears it.
      if (outbox.why !== undefined) return;
      if (input.kind === "oversize") this.#options.metrics.oversize++;
      await this.#waitForRate();
      this.silent = 0;
      trace(id, input);
      const full = queue.push({ kind: "typed", id, input });
      if (full !== undefined) await full;
    }
  }

  async #waitForRate(): Promise<void> {
    const { bucket, stop, metrics } = this.#options;
    const wait = bucket?.take(performance.now()) ?? 0;
    if (wait === 0 || stop.aborted) return;
    metrics.throttled++;
    try {
      await delay(wait, { signal: stop });
    } catch (error) {
      if (!stop.aborted) throw error;
    }
  }
}

/** v0.1's `got … on …`. A command shows its name alone: what follows may be a secret. */
function trace(id: MemberId, input: Input): void {
  log.debug("got {what} on {id}", () => ({
    id,
    what: input.kind === "text"
      ? input.text
      : input.kind === "command"
      ? `/${input.name}`
      : input.kind,
  }));
}
