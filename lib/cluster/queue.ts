// The shared queue over a stream: the other implementation of lib/chat/queue.ts. What is pushed goes to the stream
// in envelopes; what is iterated are all bobchats' envelopes, in the stream's order, and this one's own local
// requests, each in its place after the shared events before it.

import type { Batch } from "../chat/batch.ts";
import type { Event, NetworkNotice, SharedEvent } from "../chat/event.ts";
import type { NodeId } from "../chat/node.ts";
import { log } from "../log.ts";
import { plural } from "../std/plural.ts";
import { type Alarm, Alarms, isFatal } from "./alarms.ts";
import { Arrivals } from "./arrivals.ts";
import { Consumer } from "./consumer.ts";
import { BEAT } from "./membership.ts";
import { Outgoing, type OutgoingOptions } from "./outgoing.ts";
import { OwnNode, type OwnNodeOptions, type View } from "./own_node.ts";
import { Publisher } from "./publisher.ts";
import type { Position, Stream } from "./stream.ts";

/** Options of the queue. */
export interface ClusterQueueOptions
  extends
    Pick<OutgoingOptions, "capacity" | "weigh" | "isShared" | "yieldToEventLoop">,
    Pick<OwnNodeOptions, "uuid" | "name" | "knows"> {
  readonly stream: Stream;
  /** The last message that is in the snapshot that this bobchat starts with. */
  readonly after: Position;
  /** The newest message when it starts: it says hello once it has folded that. */
  readonly tail: number;
  /** Milliseconds, from a clock that never goes back. */
  readonly now: () => number;
  /** Told what is wrong, and when it is over. */
  readonly onAlarm?: (alarm: Alarm) => void;
}

/** Milliseconds between two looks at the time. */
const TICK = 250;
/** Milliseconds without the others until people are told; and at the start, until it is given up. */
const LOST = 3000, LOST_AT_START = 10_000;
/** Milliseconds that closing waits for what was pushed to come back. */
const PATIENCE = 4000;

/** The queue of one of many bobchats. */
export class ClusterQueue {
  readonly #options: ClusterQueueOptions;
  readonly #consumer: Consumer;
  readonly #arrivals: Arrivals;
  readonly #publisher: Publisher;
  readonly #outgoing: Outgoing;
  readonly #alarms: Alarms;
  readonly #node: OwnNode;
  #isLost = false;
  /** When closing has taken too long; undefined until it is closed. */
  #closeBy: number | undefined;
  /** Events of this bobchat alone that are handed out next. */
  #told: NetworkNotice[] = [];
  #position: Position;
  #failure: Error | undefined;
  #wake: (() => void) | undefined;

  constructor(options: ClusterQueueOptions) {
    const { stream, after, now, uuid, name, knows, capacity, weigh, isShared, yieldToEventLoop } =
      options;
    this.#options = options;
    this.#position = after;
    const alarms = this.#alarms = new Alarms((alarm) => this.#alarm(alarm));
    this.#consumer = new Consumer({
      ...{ stream, after, alarms, now },
      onSound: (isSound) => this.#publisher.setSound(isSound),
    });
    this.#arrivals = new Arrivals({
      messages: this.#consumer,
      onArrived: () => this.#wake?.(),
      onFailed: (error) => this.#fail(error),
      yieldToEventLoop,
    });
    this.#publisher = new Publisher({
      ...{ stream, alarms, now },
      seen: () => this.#consumer.last.sequence,
      onIdle: () => this.#outgoing.advance(),
      onDoubt: () => this.#consumer.doubt(),
    });
    this.#outgoing = new Outgoing({
      ...{ uuid, capacity, weigh, isShared, yieldToEventLoop },
      publisher: this.#publisher,
      rules: () => this.#node.rules,
      onAlone: () => this.#wake?.(),
    });
    this.#node = new OwnNode({ uuid, name, knows, outgoing: this.#outgoing, alarms });
  }

  /** This bobchat's number, once it is one of the others; rejects with a `StartError` if that fails. */
  get ready(): Promise<NodeId> {
    return this.#node.ready;
  }

  /** The last message of the stream that the writer was given. */
  get position(): Position {
    return this.#position;
  }

  /** Whether this bobchat's goodbye has come back, and with it all that it had sent. */
  get hasLeft(): boolean {
    return this.#node.hasLeft;
  }

  /** How many events wait to be sent, or to come back. */
  get size(): number {
    return this.#outgoing.count;
  }

  /** Whether people were told that the others are lost. */
  get isLost(): boolean {
    return this.#isLost;
  }

  /** How many messages of the stream are still to come, as far as is known. */
  get behind(): number {
    return this.#consumer.behind;
  }

  /** How many alarms stand. */
  get alarms(): number {
    return this.#alarms.standing;
  }

  /** As `Queue.push`: returns a promise only if there is no room. Items pushed after `close` are discarded. */
  push(event: Event): Promise<void> | undefined {
    return this.#isClosed ? undefined : this.#outgoing.push(event);
  }

  /** Publishes an event that this bobchat makes itself. */
  publish(event: SharedEvent): void {
    this.#node.publish(event);
  }

  /** Takes no more; the iteration ends once all that was pushed, and a goodbye, have come back. */
  close(): void {
    this.#closeBy ??= this.#options.now() + PATIENCE;
    this.#wake?.();
  }

  /** To be called by the writer after each batch, with the state after it. */
  folded(view: View, batch: Batch, isAccepted: boolean): void {
    this.#node.folded(view, batch, isAccepted);
  }

  /** Yields batches until the queue is closed and empty. */
  async *[Symbol.asyncIterator](): AsyncGenerator<Batch, void, void> {
    const timer = setInterval(() => this.tick(), TICK);
    const publishing = this.#publisher.run().catch((error: Error) => this.#fail(error));
    try {
      while (this.#arrivals.isMoreComing || !this.#isFinished()) {
        if (this.#arrivals.hasNext || this.#hasOwn) yield await this.#batch();
        else if (this.#failure !== undefined) throw this.#failure;
        else {
          // Once it has folded what was there when it started.
          if (this.#consumer.last.sequence >= this.#options.tail) this.#node.sayHello();
          this.#arrivals.fetch();
          await new Promise<void>((resolve) => this.#wake = resolve);
        }
      }
    } finally {
      clearInterval(timer);
      this.#consumer.close();
      this.#publisher.close();
      this.close();
      this.#outgoing.close();
      await publishing;
    }
  }

  /** What is to be done by the time: beats, and telling people when the others are lost. */
  tick(): void {
    const { now } = this.#options;
    this.#consumer.tick();
    if (this.#publisher.isIdle && now() - this.#publisher.sentAt >= BEAT) this.#outgoing.beat();
    const since = Math.min(
      this.#publisher.busySince ?? Infinity,
      this.#consumer.unsoundSince ?? Infinity,
    );
    const isLost = now() - since >= LOST;
    if (!this.#node.isReady && now() - since >= LOST_AT_START) {
      this.#node.fail(
        "NATS stopped answering while bobchat started: see that it runs, and start bobchat again",
      );
    }
    if (isLost !== this.#isLost && this.#node.isReady) {
      this.#isLost = isLost;
      this.#tell({ kind: "network", isLost });
    }
    if (this.#isClosed) this.#wake?.();
  }

  get #isClosed(): boolean {
    return this.#closeBy !== undefined;
  }

  /** Whether something can be handed out that has not come from the stream. */
  get #hasOwn(): boolean {
    return this.#told.length > 0 || this.#outgoing.hasAlone;
  }

  /** What can be handed out now. */
  async #batch(): Promise<Batch> {
    // What the writer was promised comes first.
    if (!this.#arrivals.isMoreComing && this.#hasOwn) {
      const told = this.#told.splice(0);
      return local(told.length > 0 ? told : this.#outgoing.takeAlone());
    }
    const { message: { sequence, id, at }, envelope, isMoreComing } = await this.#arrivals.take();
    this.#position = { sequence, id, at };
    const rest = { sequence, at, isMoreComing };
    if (envelope === undefined) {
      log.error("message {sequence} of the stream is no bobchat's: it is left out", { sequence });
      return { events: [], ...rest };
    }
    const own = this.#node.arrived(envelope);
    return { events: own?.events ?? envelope.events, local: own?.local, envelope, ...rest };
  }

  /** Whether all that was pushed has been handed out, or closing has taken too long. */
  #isFinished(): boolean {
    if (this.#closeBy === undefined) return false;
    if (!this.#node.isReady || this.hasLeft) return true;
    if (this.#options.now() >= this.#closeBy) {
      log.error("stopped while NATS was away: {lost} of this bobchat may be lost", {
        lost: plural(this.#outgoing.count, "event"),
      });
      return true;
    }
    if (this.#outgoing.isEmpty) this.#node.sayGoodbye();
    return false;
  }

  #alarm(alarm: Alarm): void {
    const { sentence } = alarm;
    if (this.#node.isReady) {
      const text = `${sentence.slice(0, 1).toUpperCase()}${sentence.slice(1)}.`;
      this.#tell({ kind: "network", alarm: text });
    } else if (isFatal(alarm)) this.#node.fail(sentence);
    this.#options.onAlarm?.(alarm);
  }

  #tell(event: NetworkNotice): void {
    this.#told.push(event);
    this.#wake?.();
  }

  #fail(error: Error): void {
    this.#failure = error;
    this.#wake?.();
  }
}

/** A batch of requests of this bobchat alone. */
function local(events: Event[]): Batch {
  return { events, local: new Set(events) };
}
