// The stream as JetStream has it, over one connection to NATS. The library's errors become `StreamFault`s here.
// What the library does by itself to recover is not relied on: in trials, that took up to a minute.

import {
  type ConsumerMessages,
  JetStreamApiCodes,
  JetStreamApiError,
  type JetStreamClient,
  type JetStreamManager,
} from "@nats-io/jetstream";
import { errors, type NatsConnection } from "@nats-io/transport-node";
import { log } from "../log.ts";
import {
  type Ack,
  type FaultKind,
  type Message,
  type Messages,
  type Position,
  type Stream,
  StreamFault,
} from "./stream.ts";

/** A connection to NATS, and what is asked of JetStream over it. */
export interface Link {
  readonly connection: NatsConnection;
  readonly client: JetStreamClient;
  readonly manager: JetStreamManager;
}

/** Milliseconds until an answer counts as not coming. */
export const ANSWER_WITHIN = 2000;
/** How many messages are on their way to this bobchat at once: 32 MiB if each is as large as it may be. */
const ON_THE_WAY = 64;
/** Milliseconds between two heartbeats of an idle stream; and for how long an asking for messages holds. */
const HEARTBEAT = 1000, ASKING = 30_000;
/** Milliseconds after which NATS drops a consumer of a bobchat that has gone. */
const DROP_AFTER = 30_000;
/** By which header JetStream knows a message again. */
const ID = "Nats-Msg-Id";

/** A network's stream on JetStream. */
export class NatsStream implements Stream {
  readonly name: string;
  readonly #link: Link;
  /** Under which subject this bobchat publishes. */
  readonly #subject: string;
  #isUp = true;
  #onChange: ((isUp: boolean) => void) | undefined;

  constructor(link: Link, { name, subject }: { name: string; subject: string }) {
    this.#link = link;
    this.name = name;
    this.#subject = subject;
    void this.#follow();
  }

  get isUp(): boolean {
    return this.#isUp;
  }

  watch(onChange: (isUp: boolean) => void): void {
    this.#onChange = onChange;
  }

  async publish(id: string, data: Uint8Array): Promise<Ack> {
    const { client } = this.#link;
    const options = { msgID: id, timeout: ANSWER_WITHIN };
    try {
      const { seq, duplicate, stream } = await faults(client.publish(this.#subject, data, options));
      if (stream !== this.name) {
        throw new StreamFault("refused", `the stream ${stream} takes ${this.#subject}`);
      }
      return { sequence: seq, isDuplicate: duplicate };
    } catch (error) {
      if (error instanceof StreamFault && error.kind === "nobody") await this.#checkSubject();
      throw error;
    }
  }

  /** Throws if the stream no longer takes what this bobchat sends: its epoch has ended. */
  async #checkSubject(): Promise<void> {
    if (!this.#isUp) return;
    const { config } = await faults(this.#link.manager.streams.info(this.name));
    const taken = this.#subject.replace(/[^.]+$/, "*");
    if (config.subjects?.includes(taken)) return;
    throw new StreamFault("ended", `it does not take ${taken}`);
  }

  async look(sequence: number): Promise<Position | undefined> {
    const { manager } = this.#link;
    const found = await faults(manager.streams.getMessage(this.name, { seq: sequence }));
    if (found === null) return undefined;
    return { sequence, id: found.header.get(ID), at: found.time.getTime() };
  }

  async range(): Promise<{ first: number; last: number }> {
    const { state } = await faults(this.#link.manager.streams.info(this.name));
    return { first: state.first_seq, last: state.last_seq };
  }

  async consume(from: number): Promise<Messages> {
    const { client } = this.#link;
    const consumer = await faults(
      client.consumers.get(this.name, { opt_start_seq: from, inactive_threshold: DROP_AFTER }),
    );
    const messages = await faults(
      consumer.consume({
        max_messages: ON_THE_WAY,
        expires: ASKING,
        idle_heartbeat: HEARTBEAT,
        abort_on_missing_resource: true,
      }),
    );
    return new NatsMessages(messages);
  }

  /** Follows the connection's ups and downs, to its end. */
  async #follow(): Promise<void> {
    for await (const status of this.#link.connection.status()) {
      if (status.type === "disconnect") this.#change(false);
      else if (status.type === "reconnect") this.#change(true);
      else if (status.type === "error") {
        log.warn("NATS says: {why}", { why: status.error.message });
      }
    }
  }

  #change(isUp: boolean): void {
    if (isUp === this.#isUp) return;
    this.#isUp = isUp;
    log.warn(isUp ? "connected to NATS again" : "lost the connection to NATS: trying again");
    this.#onChange?.(isUp);
  }
}

/** What one ordered consumer brings. */
class NatsMessages implements Messages {
  readonly #messages: ConsumerMessages;
  #heardAt = performance.now();

  constructor(messages: ConsumerMessages) {
    this.#messages = messages;
    void this.#listen();
  }

  heardAt(): number {
    return this.#heardAt;
  }

  close(): void {
    void this.#messages.close();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Message, void, void> {
    for await (const message of this.#messages) {
      this.#heardAt = performance.now();
      const { streamSequence, pending } = message.info;
      yield {
        sequence: streamSequence,
        id: message.headers?.get(ID) ?? "",
        // Exactly as `look` gives it: as a floating-point number it would now and then be off by one.
        at: Number(message.timestampNanos / 1_000_000n),
        data: message.data,
        pending,
      };
    }
  }

  /** Notes heartbeats, to the end. */
  async #listen(): Promise<void> {
    for await (const { type } of this.#messages.status()) {
      if (type === "heartbeat") this.#heardAt = performance.now();
    }
  }
}

/** JetStream's numbers for "no room": resources, the store, memory, and a stream's own limits. */
const FULL = [10023, 10028, 10047, 10077, 10122];
/** And for a server that cannot answer now: no leader, JetStream not ready, or a peer offline. */
const NOT_NOW = [10007, 10008, 10009, 10076, 10118];

/** Passes on what resolves; what the library rejects with becomes a `StreamFault`. */
export async function faults<T>(promise: Promise<T>): Promise<T> {
  try {
    return await promise;
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    throw new StreamFault(kindOf(error), error.message, { cause: error });
  }
}

/** Whether something was not written because somebody else had written it. */
export function isWrongRevision({ cause }: StreamFault): boolean {
  return cause instanceof JetStreamApiError &&
    cause.code === JetStreamApiCodes.StreamWrongLastSequence;
}

function kindOf(error: Error): FaultKind {
  if (error instanceof JetStreamApiError) {
    if (error.code === JetStreamApiCodes.StreamNotFound) return "gone";
    if (FULL.includes(error.code)) return "full";
    return NOT_NOW.includes(error.code) ? "nobody" : "refused";
  }
  const { TimeoutError, RequestError, ConnectionError, ClosedConnectionError } = errors;
  if (error instanceof TimeoutError) return "late";
  const isAway = [RequestError, ConnectionError, ClosedConnectionError].some((kind) =>
    error instanceof kind
  );
  // The library's error for a request that nobody takes has another as its cause.
  if (isAway || error.cause instanceof RequestError) return "nobody";
  return "refused";
}
