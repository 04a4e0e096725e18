// What has arrived from the stream: always one message ahead of the queue (queue.ts), so that it can tell the
// writer that another batch follows at once.

import type { Envelope } from "../chat/envelope.ts";
import { decode } from "./encode.ts";
import type { Message } from "./stream.ts";

/** Options of the arrivals. */
export interface ArrivalsOptions {
  readonly messages: AsyncIterable<Message>;
  /** Called when a message has arrived, or there are no more. */
  readonly onArrived: () => void;
  readonly onFailed: (error: Error) => void;
  readonly yieldToEventLoop: () => Promise<void>;
}

/** A message of the stream as it is taken. */
export interface Arrival {
  readonly message: Message;
  /** What it carries; undefined if that is no envelope. */
  readonly envelope: Envelope | undefined;
  /** Whether another follows at once. */
  readonly isMoreComing: boolean;
}

/** Most events that are kept and sent together, if they come in several envelopes; each counts as one more. */
const MOST_TOGETHER = 500;

/** Messages, one ahead. */
export class Arrivals {
  readonly #options: ArrivalsOptions;
  readonly #messages: AsyncIterator<Message, void>;
  #next: Message | undefined;
  #isFetching = false;
  /** How many events were taken with another to follow at once. */
  #together = 0;

  constructor(options: ArrivalsOptions) {
    this.#options = options;
    this.#messages = options.messages[Symbol.asyncIterator]();
  }

  /** Whether a message can be taken. */
  get hasNext(): boolean {
    return this.#next !== undefined;
  }

  /** Whether the writer was told that another follows at once. */
  get isMoreComing(): boolean {
    return this.#together > 0;
  }

  /** Fetches the next message, if there is none. */
  fetch(): void {
    if (this.#isFetching || this.hasNext) return;
    this.#isFetching = true;
    this.#messages.next().then(({ value }) => {
      this.#isFetching = false;
      this.#next = value ?? undefined;
      this.#options.onArrived();
    }, this.#options.onFailed);
  }

  /** Takes the message that has arrived. */
  async take(): Promise<Arrival> {
    const message = this.#next!;
    this.#next = undefined;
    this.fetch();
    // What has arrived by now is handled as one with this.
    await this.#options.yieldToEventLoop();
    const envelope = decode(message.data);
    this.#together += 1 + (envelope?.events.length ?? 0);
    if (!this.hasNext || this.#together >= MOST_TOGETHER) this.#together = 0;
    return { message, envelope, isMoreComing: this.isMoreComing };
  }
}
