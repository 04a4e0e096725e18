// A stream in memory for the tests of lib/cluster, to which they can do what happens to real ones.

import {
  type Ack,
  type FaultKind,
  type Message,
  type Messages,
  type Position,
  type Stream,
  StreamFault,
} from "../../../lib/cluster/stream.ts";
import { assert } from "../../assert.ts";

/** What a stream has stored. */
export interface Stored extends Position {
  readonly data: Uint8Array;
}

/** What the streams of one server share. */
export class MemoryStore {
  messages: Stored[] = [];
  /** The time that messages are given. */
  at = 1000;
  /** Ids that are known again. */
  ids = new Map<string, number>();
  isGone = false;
  /** Called when something was stored, for each stream. */
  readonly onStored: (() => void)[] = [];

  /** Stores a message as if anybody had published it. */
  store(id: string, data: Uint8Array = new Uint8Array()): number {
    const sequence = (this.messages.at(-1)?.sequence ?? 0) + 1;
    this.messages.push({ sequence, id, at: this.at, data });
    this.ids.set(id, sequence);
    for (const notify of this.onStored) notify();
    return sequence;
  }

  /** Loses the newest messages, as a power cut may. */
  lose(count: number): void {
    for (const { id } of this.messages.splice(-count)) this.ids.delete(id);
  }
}

/** A bobchat's way to the store. */
export class MemoryStream implements Stream {
  readonly name = "bobchat_test_1";
  readonly store: MemoryStore;
  isUp = true;
  /** The ids that were published, stored or not. */
  readonly published: string[] = [];
  /** How the next publishes fare, in order; then they are stored and acknowledged. */
  readonly fates: (FaultKind | "stored, but late" | "stored, and forgotten")[] = [];
  /** Consumers made so far, with the number they began at. */
  readonly consumers: { readonly from: number; readonly messages: MemoryMessages }[] = [];
  #onChange: ((isUp: boolean) => void) | undefined;

  constructor(store = new MemoryStore()) {
    this.store = store;
    store.onStored.push(() => this.consumers.at(-1)?.messages.notify());
  }

  watch(onChange: (isUp: boolean) => void): void {
    this.#onChange = onChange;
  }

  /** Loses the connection, or has it again. */
  setUp(isUp: boolean): void {
    this.isUp = isUp;
    this.#onChange?.(isUp);
  }

  publish(id: string, data: Uint8Array): Promise<Ack> {
    this.published.push(id);
    const fate = this.fates.shift();
    if (!this.isUp) return fault("late");
    if (this.store.isGone) return fault("nobody");
    const isStored = fate === "stored, but late" || fate === "stored, and forgotten";
    if (fate !== undefined && !isStored) return fault(fate);
    const known = this.store.ids.get(id);
    const sequence = known ?? this.store.store(id, data);
    if (fate === "stored, and forgotten") this.store.ids.delete(id);
    if (isStored) return fault("late");
    return Promise.resolve({ sequence, isDuplicate: known !== undefined });
  }

  look(sequence: number): Promise<Position | undefined> {
    if (this.store.isGone) return fault("gone");
    return Promise.resolve(this.store.messages.find((each) => each.sequence === sequence));
  }

  range(): Promise<{ first: number; last: number }> {
    const { messages } = this.store;
    return Promise.resolve({
      first: messages[0]?.sequence ?? 0,
      last: messages.at(-1)?.sequence ?? 0,
    });
  }

  consume(from: number): Promise<Messages> {
    if (this.store.isGone) return fault("gone");
    const messages = new MemoryMessages(this.store, from);
    this.consumers.push({ from, messages });
    return Promise.resolve(messages);
  }
}

/** What one consumer brings. */
export class MemoryMessages implements Messages {
  heard = 0;
  isClosed = false;
  readonly #store: MemoryStore;
  #from: number;
  #wake: () => void = () => {};

  constructor(store: MemoryStore, from: number) {
    this.#store = store;
    this.#from = from;
  }

  heardAt(): number {
    return this.heard;
  }

  close(): void {
    this.isClosed = true;
    this.#wake();
  }

  notify(): void {
    this.#wake();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Message, void, void> {
    while (!this.isClosed) {
      const { messages } = this.#store;
      const next = messages.find(({ sequence }) => sequence >= this.#from);
      if (next === undefined) await new Promise<void>((resolve) => this.#wake = resolve);
      else {
        this.#from = next.sequence + 1;
        yield { ...next, pending: messages.at(-1)!.sequence - next.sequence };
      }
    }
  }
}

function fault(kind: FaultKind): Promise<never> {
  return Promise.reject(new StreamFault(kind, kind));
}

/** Lets the event loop turn, more often than what needs no time takes. */
export async function turns(): Promise<void> {
  for (let i = 0; i < 20; i++) await new Promise<void>((resolve) => setImmediate(resolve));
}

/** Waits for something that takes a real moment. */
export async function until(condition: () => boolean): Promise<void> {
  const end = performance.now() + 10_000;
  while (!condition()) {
    assert(performance.now() < end, "waited in vain");
    await turns();
  }
}
