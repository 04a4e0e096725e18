// The line of events that this bobchat has queued and that no envelope (outgoing.ts) has taken yet. Whoever finds
// no room waits at its end: an event counts from its push until it is handed out to the writer.

import type { Event } from "../chat/event.ts";

/** Options of the line. */
export interface WaitingOptions {
  /** The most that may wait, in the unit of `weigh`. */
  readonly capacity: number;
  readonly weigh: (event: Event) => number;
  /** Called when an event has come to the end of the line. */
  readonly onAppended: () => void;
}

/** An event that waits. */
export interface Item {
  readonly event: Event;
  /** Whether it goes to the stream; undefined until somebody has asked. */
  isShared?: boolean;
}

/** Events in their order, and producers that wait for room. */
export class Waiting {
  readonly #options: WaitingOptions;
  /** From `#head` on. */
  #items: Item[] = [];
  #head = 0;
  /** What waits here, is under way, or has not been handed out. */
  #weight = 0;
  #producers: { readonly event: Event; readonly resolve: () => void }[] = [];

  constructor(options: WaitingOptions) {
    this.#options = options;
  }

  /** How many events wait, for an envelope or for room. */
  get count(): number {
    return this.#items.length - this.#head + this.#producers.length;
  }

  /** The event whose turn it is. */
  get first(): Item | undefined {
    return this.#items[this.#head];
  }

  /** As `Queue.push`: a promise only if there is no room. */
  push(event: Event): Promise<void> | undefined {
    if (this.#producers.length === 0 && this.#weight < this.#options.capacity) {
      this.append(event);
      return;
    }
    return new Promise((resolve) => this.#producers.push({ event, resolve }));
  }

  /** Appends an event, room or not: for the few that this bobchat makes itself. */
  append(event: Event): void {
    this.claim(event);
    this.#items.push({ event, isShared: undefined });
    this.#options.onAppended();
  }

  /** Puts these before all others; they have claimed their room. */
  putFirst(items: readonly Item[]): void {
    this.#items = [...items, ...this.#items.slice(this.#head)];
    this.#head = 0;
  }

  /** Takes the first event; its room stays claimed. */
  shift(): void {
    this.#head++;
    if (this.#head < this.#items.length) return;
    this.#items = [];
    this.#head = 0;
  }

  /** Counts an event, room or not. */
  claim(event: Event): void {
    this.#weight += this.#options.weigh(event);
  }

  /** These were handed out: others find room. */
  release(events: readonly Event[]): void {
    const { capacity, weigh } = this.#options;
    for (const event of events) this.#weight -= weigh(event);
    let admitted = 0;
    for (const { event, resolve } of this.#producers) {
      if (this.#weight >= capacity) break;
      this.append(event);
      resolve();
      admitted++;
    }
    this.#producers.splice(0, admitted);
  }

  /** Lets those go who wait for room: what they have is discarded. */
  close(): void {
    for (const { resolve } of this.#producers.splice(0)) resolve();
  }
}
