// What this bobchat has queued and has not yet handed to its writer: events wait (waiting.ts), go to the stream in
// envelopes, and are handed out when those have come back. Local requests wait too, each for the own shared
// events before it, and never travel.

import type { Envelope } from "../chat/envelope.ts";
import type { Event, SharedEvent } from "../chat/event.ts";
import type { NodeId } from "../chat/node.ts";
import { log } from "../log.ts";
import { EnvelopeEncoder } from "./encode.ts";
import type { Publisher } from "./publisher.ts";
import { type Item, Waiting, type WaitingOptions } from "./waiting.ts";

/** Options of what goes out. */
export interface OutgoingOptions extends Pick<WaitingOptions, "capacity" | "weigh"> {
  /** What identifies this bobchat in the ids of its envelopes; random for each process. */
  readonly uuid: string;
  /** Whether an event goes to the stream, in the chat as it is now: asked once for each event, in their order. */
  readonly isShared: (event: Event) => event is SharedEvent;
  readonly publisher: Pick<Publisher, "isIdle" | "send" | "returned">;
  /** The rules that are in force. */
  readonly rules: () => number;
  /** Called when something can be handed out that has not come from the stream. */
  readonly onAlone: () => void;
  readonly yieldToEventLoop: () => Promise<void>;
}

/** An envelope of this bobchat, with the local requests among its events. */
export interface Own {
  readonly epoch: number;
  readonly counter: number;
  readonly events: Event[];
  readonly local: Set<Event>;
}

/** This bobchat's events, from the push until they have come back. */
export class Outgoing {
  readonly #options: OutgoingOptions;
  readonly #encoder = new EnvelopeEncoder();
  readonly #waiting: Waiting;
  /** Envelopes under way, in order. */
  #own: Own[] = [];
  /** The envelope that the writer has just now. */
  #handed: Own | undefined;
  /** Local requests with nothing under way before them. */
  #alone: Event[] = [];
  #node: NodeId = 0;
  #epoch = 1;
  #counter = 0;
  /** The event that begins a new epoch, until the last envelope of the old one has come back. */
  #back: { readonly event: SharedEvent; readonly epoch: number } | undefined;
  /** What is to be sent in the new epoch: it was in envelopes that did not count, or was not answered. */
  #again: Item[] = [];
  #isTurning = false;

  constructor(options: OutgoingOptions) {
    this.#options = options;
    const { capacity, weigh } = options;
    this.#waiting = new Waiting({ capacity, weigh, onAppended: () => this.#turn() });
  }

  /** The number by which this bobchat signs its envelopes; 0 before it has one. */
  get node(): NodeId {
    return this.#node;
  }

  /** The epoch of the envelopes to come. */
  get epoch(): number {
    return this.#back?.epoch ?? this.#epoch;
  }

  /** Whether nothing waits, and nothing is under way. */
  get isEmpty(): boolean {
    return this.#waiting.count === 0 && this.#own.length === 0 && this.#handed === undefined &&
      this.#alone.length === 0 && this.#again.length === 0 && this.#back === undefined;
  }

  /** Whether there are local requests that are to be answered now: never while this node is taken for gone. */
  get hasAlone(): boolean {
    return this.#alone.length > 0 && this.#back === undefined;
  }

  /** How many events would be lost now. */
  get count(): number {
    const underWay = this.#own.reduce((sum, { events }) => sum + events.length, 0);
    return this.#waiting.count + underWay;
  }

  /** As `Queue.push`: a promise only if there is no room. */
  push(event: Event): Promise<void> | undefined {
    return this.#waiting.push(event);
  }

  /** Appends an event, room or not: for the few that this bobchat makes itself. */
  append(event: Event): void {
    this.#waiting.append(event);
  }

  /** Lets those go who wait for room: what they have is discarded. */
  close(): void {
    this.#waiting.close();
  }

  /** Says hello: the first envelope, before this bobchat has a number. */
  sayHello(event: SharedEvent): void {
    this.#waiting.claim(event);
    this.#waiting.putFirst([{ event }]);
    this.#send();
  }

  /** From now on, envelopes are signed with this number. */
  join(node: NodeId): void {
    this.#node = node;
    this.advance();
  }

  /** Begins an epoch, with this event first and then what did not count in the old one. */
  rejoin(event: SharedEvent, epoch: number): void {
    this.#back = { event, epoch };
    // Those that the writer has now come before; all that is under way came after.
    if (this.#handed === undefined) this.#keepAlone();
    this.advance();
  }

  /** Sends what waits, if the envelope before is stored, and lets local requests through. */
  advance(): void {
    if (this.#node === 0) return;
    if (this.#back !== undefined && this.#own.length === 0 && this.#handed === undefined) {
      this.#beginEpoch(this.#back);
    }
    this.#passLocal();
    if (this.#waiting.first !== undefined) this.#send();
  }

  /** Sends an envelope even if nothing waits: a sign of life. */
  beat(): void {
    if (this.#node !== 0) this.#send();
  }

  /** The own envelope that has come back, if it is the oldest that is under way. */
  arrived({ epoch, counter }: Envelope): Own | "a double" | "not the next" {
    const [own] = this.#own;
    const isBefore = own === undefined || epoch < own.epoch ||
      epoch === own.epoch && counter < own.counter;
    if (isBefore) return "a double";
    if (epoch !== own.epoch || counter !== own.counter) return "not the next";
    this.#own.shift();
    this.#options.publisher.returned();
    this.#handed = own;
    this.#waiting.release(own.events);
    return own;
  }

  /**
   * The writer has folded the envelope that it had; if it did not count, its events are sent again: then this
   * returns true.
   */
  folded({ isAccepted }: { isAccepted: boolean }): boolean {
    const own = this.#handed;
    this.#handed = undefined;
    if (own === undefined) return false;
    if (!isAccepted) this.#keep(own);
    if (this.#back !== undefined) this.#keepAlone();
    this.advance();
    return !isAccepted;
  }

  /** Local requests that are to be answered now. */
  takeAlone(): Event[] {
    const alone = this.#alone;
    this.#alone = [];
    this.#waiting.release(alone);
    return alone;
  }

  /** Keeps the events of an envelope that did not count. */
  #keep({ events, local }: Own): void {
    for (const event of events) {
      this.#waiting.claim(event);
      this.#again.push({ event, isShared: !local.has(event) });
    }
  }

  /** Local requests wait as well while this node is taken for gone. */
  #keepAlone(): void {
    for (const event of this.#alone.splice(0)) this.#again.push({ event, isShared: false });
  }

  #beginEpoch({ event, epoch }: { event: SharedEvent; epoch: number }): void {
    this.#waiting.claim(event);
    this.#waiting.putFirst([{ event }, ...this.#again]);
    this.#again = [];
    this.#counter = 0;
    this.#epoch = epoch;
    this.#back = undefined;
  }

  /** Local requests at the head need not wait for an envelope of their own. */
  #passLocal(): void {
    for (let item; (item = this.#waiting.first) !== undefined;) {
      const last = this.#own.at(-1), { event } = item;
      if (this.#isShared(item) || last === undefined && this.#back !== undefined) break;
      this.#waiting.shift();
      if (last === undefined) this.#alone.push(event);
      else {
        last.events.push(event);
        last.local.add(event);
      }
    }
    if (this.hasAlone) this.#options.onAlone();
  }

  /** Sends one envelope, with as much as there is and it takes. */
  #send(): void {
    const { publisher, rules, uuid } = this.#options;
    if (!publisher.isIdle || this.#back !== undefined) return;
    const epoch = this.#epoch, counter = this.#counter + 1;
    const own: Own = { epoch, counter, events: [], local: new Set() };
    this.#encoder.begin({ rules: rules(), node: this.#node, epoch, counter });
    for (let item; (item = this.#waiting.first) !== undefined;) {
      const result = this.#isShared(item) ? this.#encoder.add(item.event) : "local";
      if (result === "full") break;
      this.#waiting.shift();
      const { event } = item;
      if (result === "too large") {
        log.error("an event ({kind}) is too large for NATS, and is dropped", { kind: event.kind });
        this.#waiting.release([event]);
        continue;
      }
      if (result === "local") own.local.add(event);
      own.events.push(event);
      // Until it has a number, it says hello and nothing else.
      if (this.#node === 0) break;
    }
    this.#counter = counter;
    this.#own.push(own);
    publisher.send({ id: `${uuid}.${epoch}.${counter}`, data: this.#encoder.end() });
  }

  /** Whether an event goes to the stream. */
  #isShared(item: Item): item is Item & { readonly event: SharedEvent } {
    return item.isShared ??= this.#options.isShared(item.event);
  }

  /** What arrives in the same turn goes together. */
  #turn(): void {
    if (this.#isTurning) return;
    this.#isTurning = true;
    void this.#options.yieldToEventLoop().then(() => {
      this.#isTurning = false;
      this.advance();
    });
  }
}
