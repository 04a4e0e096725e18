// The one queue between all readers and the one writer: bounded, first in first out. A full queue
// makes `push` wait, which stops the reader, so that TCP slows the sender down.

/** What bounds a queue. */
export interface QueueOptions<T> {
  /** The most that may wait, in the unit of `weigh`. */
  capacity: number;
  /** What an item counts for; the memory it holds, about. */
  weigh: (item: T) => number;
}

interface Waiting<T> {
  readonly item: T;
  readonly resolve: () => void;
}

/** A bounded FIFO with many producers and one consumer, which iterates it a batch at a time. */
export class Queue<T> {
  readonly #options: QueueOptions<T>;
  #items: T[] = [];
  #weight = 0;
  #closed = false;
  #wake: (() => void) | undefined;
  /** Producers that found no room, oldest first: each awaits its push, so one a connection at most. */
  #waiting: Waiting<T>[] = [];

  constructor(options: QueueOptions<T>) {
    this.#options = options;
  }

  /**
   * Appends an item. Returns nothing when there was room, so that the common case costs no await;
   * else a promise that resolves once the item is in. What comes after `close` is discarded.
   */
  push(item: T): Promise<void> | undefined {
    if (this.#closed) return;
    if (this.#waiting.length === 0 && this.#weight < this.#options.capacity) {
      this.#append(item);
      return;
    }
    return new Promise((resolve) => this.#waiting.push({ item, resolve }));
  }

  /** Ends the intake; the consumer still gets everything that was pushed. */
  close(): void {
    this.#closed = true;
    this.#wake?.();
  }

  /**
   * Batches, each all that waits, until the queue is closed and empty. An idle consumer is woken at
   * once (a promise, 0.2 µs); a busy one lets the event loop turn between two batches (2 µs), so that
   * sockets make progress and what arrives meanwhile gathers into one batch.
   */
  async *[Symbol.asyncIterator](): AsyncGenerator<T[], void, void> {
    for (;;) {
      if (this.#items.length > 0) {
        yield this.#take();
        await new Promise<void>((resolve) => setImmediate(resolve));
      } else if (this.#closed) {
        return;
      } else {
        await new Promise<void>((resolve) => this.#wake = resolve);
        this.#wake = undefined;
      }
    }
  }

  #append(item: T): void {
    this.#items.push(item);
    this.#weight += this.#options.weigh(item);
    this.#wake?.();
  }

  #take(): T[] {
    const batch = this.#items;
    this.#items = [];
    this.#weight = 0;
    let admitted = 0;
    for (const { item, resolve } of this.#waiting) {
      if (this.#weight >= this.#options.capacity) break;
      this.#append(item);
      resolve();
      admitted++;
    }
    this.#waiting.splice(0, admitted);
    return batch;
  }
}
