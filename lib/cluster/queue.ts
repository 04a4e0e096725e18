// The shared queue over a stream: the other implementation of lib/chat/queue.ts. What is pushed goes to the stream
// in envelopes; what is iterated are all bobchats' envelopes, in the stream's order, and this one's own local
// requests, each in its place after the shared events before it.

import type { Batch } from "../chat/batch.ts";
import type { Envelope } from "../chat/envelope.ts";
import type { Event, NetworkNotice, SharedEvent } from "../chat/event.ts";
import type { NodeId } from "../chat/node.ts";
import { StartError } from "../errors.ts";
import { log } from "../log.ts";
import { plural } from "../std/plural.ts";
import { type Alarm, Alarms, isFatal } from "./alarms.ts";
import { Consumer } from "./consumer.ts";
import { decode } from "./encode.ts";
import { BEAT, type KnownNode, Membership } from "./membership.ts";
import { Outgoing, type OutgoingOptions } from "./outgoing.ts";
import { Publisher } from "./publisher.ts";
import type { Message, Position, Stream } from "./stream.ts";

/** Options of the queue. */
export interface ClusterQueueOptions extends
  Pick<
    OutgoingOptions,
    "uuid" | "capacity" | "weigh" | "isShared" | "yieldToEventLoop"
  > {
  readonly stream: Stream;
  /** The last message that is in the snapshot that this bobchat starts with. */
  readonly after: Position;
  /** The newest message when it starts: it says hello once it has folded that. */
  readonly tail: number;
  /** What people call this bobchat. */
  readonly name: string;
  /** The newest rules that it can fold. */
  readonly knows: number;
  /** Milliseconds, from a clock that never goes back. */
  readonly now: () => number;
  /** Told what is wrong, and when it is over. */
  readonly onAlarm?: (alarm: Alarm) => void;
}

/** What the queue must know of the state that the writer has folded: of the chat. */
export interface View {
  /** The rules in force. */
  readonly rules: number;
  readonly nodes: {
    all(): Iterable<KnownNode>;
    /** The newest rules that all nodes which are here know; `least` if there are none. */
    common(least: number): number;
  };
}

/** Milliseconds between two looks at the time. */
const TICK = 250;
/** Milliseconds without the others until people are told; and at the start, until it is given up. */
const LOST = 3000, LOST_AT_START = 10_000;
/** Milliseconds that closing waits for what was pushed to come back. */
const PATIENCE = 5000;

/** Most events that are kept and sent together, if they come in several envelopes; each counts as one more. */
const MOST_TOGETHER = 500;

/** What is wrong when an own envelope that was stored is not in the stream. */
const MISSING =
  "the stream has lost something that this bobchat had stored in it, as after a power cut of NATS: start this " +
  "bobchat again";

/** The queue of one of many bobchats. */
export class ClusterQueue {
  /** This bobchat's number, once it is one of the others; rejects with a `StartError` if that fails. */
  readonly ready: Promise<NodeId>;
  readonly #options: ClusterQueueOptions;
  readonly #alarms: Alarms;
  readonly #consumer: Consumer;
  readonly #publisher: Publisher;
  readonly #outgoing: Outgoing;
  readonly #membership = new Membership();
  readonly #ready = Promise.withResolvers<NodeId>();
  #rules: number;
  /** The newest rules that this bobchat has proposed. */
  #proposed = 0;
  #hasSaidHello = false;
  #isReady = false;
  #isLost = false;
  #isClosed = false;
  #hasSaidGoodbye = false;
  #hasLeft = false;
  #closeBy = Infinity;
  /** Events of this bobchat alone that are handed out next. */
  #told: NetworkNotice[] = [];
  #arrived: Message | undefined;
  #isFetching = false;
  /** Whether the writer was told that another batch follows at once; and how many it has had so. */
  #isMoreComing = false;
  #together = 0;
  #position: Position;
  #failure: Error | undefined;
  #wake: (() => void) | undefined;

  constructor(options: ClusterQueueOptions) {
    const { stream, after, now, knows, uuid, capacity, weigh, isShared, yieldToEventLoop } =
      options;
    this.#options = options;
    this.#rules = knows;
    this.#position = after;
    this.ready = this.#ready.promise;
    // Whoever asks for it later is still told.
    this.ready.catch(() => undefined);
    this.#alarms = new Alarms((alarm) => this.#alarm(alarm));
    this.#consumer = new Consumer({
      ...{ stream, after, alarms: this.#alarms, now },
      onSound: (isSound) => this.#publisher.setSound(isSound),
    });
    this.#publisher = new Publisher({
      ...{ stream, alarms: this.#alarms, now },
      seen: () => this.#consumer.last.sequence,
      onIdle: () => this.#outgoing.advance(),
      onDoubt: () => this.#consumer.doubt(),
    });
    this.#outgoing = new Outgoing({
      ...{ uuid, capacity, weigh, isShared, yieldToEventLoop },
      publisher: this.#publisher,
      rules: () => this.#rules,
      onAlone: () => this.#wake?.(),
    });
  }

  /** The last message of the stream that the writer was given. */
  get position(): Position {
    return this.#position;
  }

  /** Whether this bobchat's goodbye has come back, and with it all that it had sent. */
  get hasLeft(): boolean {
    return this.#hasLeft;
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
    if (event.kind === "node back") this.#outgoing.rejoin(event, event.epoch);
    else this.#outgoing.append(event);
  }

  /** Takes no more; the iteration ends once all that was pushed, and a goodbye, have come back. */
  close(): void {
    this.#isClosed = true;
    this.#closeBy = this.#options.now() + PATIENCE;
    this.#wake?.();
  }

  /** Whether an envelope is this bobchat's. */
  isOwn({ node, events: [first] }: Envelope): boolean {
    if (node !== 0) return node === this.#outgoing.node;
    return first !== undefined && "uuid" in first && first.uuid === this.#options.uuid;
  }

  /** To be called by the writer after each batch, with the state after it. */
  folded({ rules, nodes }: View, { envelope, at }: Batch, isAccepted: boolean): void {
    if (envelope === undefined || at === undefined) return;
    this.#rules = rules;
    if (isAccepted) this.#membership.heard(envelope.node, at);
    if (!this.isOwn(envelope)) return;
    if (this.#outgoing.node === 0) this.#join(nodes.all());
    // Nothing but the end of an epoch keeps an own envelope from counting.
    const isLost = this.#outgoing.folded({ isAccepted }) && envelope.epoch === this.#outgoing.epoch;
    if (isLost) this.#alarms.raise("lost", MISSING);
    const silent = this.#membership.ownCame(at, this.#outgoing.node, nodes.all());
    for (const { id: node, epoch, counter } of silent) {
      log.warn("node {node} has been silent for too long: proposing that it is gone", { node });
      this.publish({ kind: "node gone", node, epoch, counter });
    }
    const common = nodes.common(rules);
    if (common > Math.max(rules, this.#proposed)) {
      this.#proposed = common;
      this.publish({ kind: "rules", rules: common });
    }
  }

  /** Yields batches until the queue is closed and empty. */
  async *[Symbol.asyncIterator](): AsyncGenerator<Batch, void, void> {
    const timer = setInterval(() => this.tick(), TICK);
    const publishing = this.#publisher.run().catch((error: Error) => this.#fail(error));
    const messages = this.#consumer[Symbol.asyncIterator]();
    try {
      while (this.#isMoreComing || !this.#isFinished()) {
        if (this.#arrived !== undefined || this.#hasOwn) yield await this.#batch(messages);
        else if (this.#failure !== undefined) throw this.#failure;
        else {
          this.#sayHello();
          this.#fetch(messages);
          await new Promise<void>((resolve) => this.#wake = resolve);
        }
      }
    } finally {
      clearInterval(timer);
      this.#consumer.close();
      this.#publisher.close();
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
    if (!this.#isReady && now() - since >= LOST_AT_START) {
      this.#ready.reject(
        new StartError(
          "NATS stopped answering while bobchat started: see that it runs, and start bobchat again",
        ),
      );
    }
    if (isLost !== this.#isLost && this.#isReady) {
      this.#isLost = isLost;
      this.#tell({ kind: "network", isLost });
    }
    if (this.#isClosed) this.#wake?.();
  }

  /** Whether something can be handed out that has not come from the stream. */
  get #hasOwn(): boolean {
    return this.#told.length > 0 || this.#outgoing.hasAlone;
  }

  /** What can be handed out now. */
  async #batch(messages: AsyncGenerator<Message, void, void>): Promise<Batch> {
    // What the writer was promised comes first.
    if (!this.#isMoreComing && this.#hasOwn) {
      const told = this.#told.splice(0);
      return local(told.length > 0 ? told : this.#outgoing.takeAlone());
    }
    const { sequence, id, at, data } = this.#arrived!;
    this.#arrived = undefined;
    this.#position = { sequence, id, at };
    this.#fetch(messages);
    // What has arrived by now is handled as one with this.
    await this.#options.yieldToEventLoop();
    const envelope = decode(data);
    this.#together += 1 + (envelope?.events.length ?? 0);
    this.#isMoreComing = this.#arrived !== undefined && this.#together < MOST_TOGETHER;
    if (!this.#isMoreComing) this.#together = 0;
    const rest = { sequence, at, isMoreComing: this.#isMoreComing };
    if (envelope === undefined) {
      log.error("message {sequence} of the stream is no bobchat's: it is left out", { sequence });
      return { events: [], ...rest };
    }
    if (!this.isOwn(envelope)) return { events: envelope.events, envelope, ...rest };
    const own = this.#outgoing.arrived(envelope);
    if (own === "not the next") this.#alarms.raise("lost", MISSING);
    if (typeof own === "string") return { events: envelope.events, envelope, ...rest };
    return { events: own.events, local: own.local, envelope, ...rest };
  }

  #fetch(messages: AsyncGenerator<Message, void, void>): void {
    if (this.#isFetching || this.#arrived !== undefined) return;
    this.#isFetching = true;
    messages.next().then(({ value }) => {
      this.#isFetching = false;
      this.#arrived = value ?? undefined;
      this.#wake?.();
    }, (error: Error) => this.#fail(error));
  }

  /** Once it has folded what was there when it started, it becomes one of the others. */
  #sayHello(): void {
    if (this.#hasSaidHello || this.#consumer.last.sequence < this.#options.tail) return;
    this.#hasSaidHello = true;
    const { uuid, name, knows } = this.#options;
    this.#outgoing.sayHello({ kind: "node came", uuid, name, knows });
  }

  #join(nodes: Iterable<KnownNode>): void {
    const own = Iterator.from(nodes).find(({ uuid }) => uuid === this.#options.uuid);
    if (own === undefined) {
      this.#ready.reject(
        new StartError("the network did not take this bobchat: it is of a version too old for it"),
      );
      return;
    }
    this.#isReady = true;
    this.#outgoing.join(own.id);
    this.#ready.resolve(own.id);
  }

  /** Whether all that was pushed has been handed out, or closing has taken too long. */
  #isFinished(): boolean {
    if (!this.#isClosed) return false;
    if (!this.#isReady) return true;
    if (this.#options.now() >= this.#closeBy) {
      log.error("stopped while NATS was away: {lost} of this bobchat may be lost", {
        lost: plural(this.#outgoing.count, "event"),
      });
      return true;
    }
    if (!this.#outgoing.isEmpty) return false;
    if (this.#hasSaidGoodbye) return this.#hasLeft = true;
    this.#hasSaidGoodbye = true;
    this.publish({ kind: "node left", node: this.#outgoing.node });
    return false;
  }

  #alarm(alarm: Alarm): void {
    const { sentence } = alarm;
    if (this.#isReady) {
      const text = `${sentence.slice(0, 1).toUpperCase()}${sentence.slice(1)}.`;
      this.#tell({ kind: "network", alarm: text });
    } else if (isFatal(alarm)) this.#ready.reject(new StartError(sentence));
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
