// The publisher: sends this bobchat's envelopes to the stream, one at a time and in order. It sends each until it
// is stored, under the same id, so that the stream drops what it has already; and once more, after any break,
// what has not come back yet: a power cut of NATS may have taken what it had acknowledged.

import { log } from "../log.ts";
import type { Alarms } from "./alarms.ts";
import { type Ack, type Stream, StreamFault } from "./stream.ts";

/** What is sent at once. */
export interface Outgoing {
  /** By what the stream knows it again. */
  readonly id: string;
  readonly data: Uint8Array;
}

/** Options of the publisher. */
export interface PublisherOptions {
  readonly stream: Stream;
  readonly alarms: Alarms;
  /** The number of the newest message that the consumer has handed out. */
  readonly seen: () => number;
  /** Called when all that was sent is stored. */
  readonly onIdle: () => void;
  /** Called when an acknowledgement shows that this is not the stream that the consumer has seen. */
  readonly onDoubt: () => void;
  /** Milliseconds, from a clock that never goes back. */
  readonly now: () => number;
}

/** Milliseconds until a refused envelope is sent again. */
const RETRY = 250, RETRY_REFUSED = 1000;

/** Sends envelopes, one in flight. */
export class Publisher {
  readonly #options: PublisherOptions;
  /** What has not come back yet, in order; those before the cursor are stored. */
  readonly #items: Outgoing[] = [];
  #cursor = 0;
  #busySince: number | undefined;
  #sentAt = -Infinity;
  #isSound = false;
  #isClosed = false;
  /** Ends the present wait: for something to send, for an answer, or until the next try. */
  #wake: (() => void) | undefined;

  constructor(options: PublisherOptions) {
    this.#options = options;
  }

  /** Whether all that was sent is stored. */
  get isIdle(): boolean {
    return this.#cursor === this.#items.length;
  }

  /** Since when something has waited to be stored, in milliseconds of `now`; undefined if nothing does. */
  get busySince(): number | undefined {
    return this.#busySince;
  }

  /** When the last envelope was given to send, in milliseconds of `now`. */
  get sentAt(): number {
    return this.#sentAt;
  }

  /** Sends an envelope after those before it; the caller waits until it is idle. */
  send(item: Outgoing): void {
    this.#items.push(item);
    this.#sentAt = this.#options.now();
    this.#busySince ??= this.#sentAt;
    this.#wake?.();
  }

  /** The oldest envelope has come back. */
  returned(): void {
    this.#items.shift();
    if (this.#cursor > 0) this.#cursor--;
    else this.#wake?.(); // it is stored, whatever became of the acknowledgement
    if (this.isIdle) this.#busySince = undefined;
  }

  /** Whether the stream may be sent anything; when it may again, what has not come back is sent anew. */
  setSound(isSound: boolean): void {
    this.#isSound = isSound;
    if (isSound) {
      this.#cursor = 0;
      if (!this.isIdle) this.#busySince ??= this.#options.now();
    }
    this.#wake?.();
  }

  /** Ends `run`; what is not stored by then is not sent any more. */
  close(): void {
    this.#isClosed = true;
    this.#wake?.();
  }

  /** Sends until it is closed. */
  async run(): Promise<void> {
    while (!this.#isClosed) {
      const item = this.#items[this.#cursor];
      if (item !== undefined && this.#isSound) await this.#try(item);
      else await new Promise<void>((resolve) => this.#wake = resolve);
    }
  }

  /** Sends an envelope once, and waits for the answer, or until there is no use in it. */
  async #try(item: Outgoing): Promise<void> {
    const { stream, seen } = this.#options;
    const seenBefore = seen();
    const answer = await new Promise<Ack | Error | undefined>((resolve) => {
      this.#wake = () => resolve(undefined);
      stream.publish(item.id, item.data).then(resolve, resolve);
    });
    this.#wake = undefined;
    if (answer instanceof Error) await this.#failed(answer);
    else if (answer !== undefined && this.#items[this.#cursor] === item) {
      this.#stored(answer, seenBefore);
    } else this.#tellIfIdle();
  }

  #stored({ sequence, isDuplicate }: Ack, seenBefore: number): void {
    const { alarms, stream, onDoubt } = this.#options;
    if (!isDuplicate && sequence <= seenBefore) {
      log.warn("{stream} gave number {sequence} to a new message after number {seenBefore}", {
        ...{ stream: stream.name, sequence, seenBefore },
      });
      this.#isSound = false;
      return onDoubt();
    }
    alarms.end(["full", "refused"], "NATS stores what is said here again");
    this.#cursor++;
    this.#tellIfIdle();
  }

  #tellIfIdle(): void {
    if (!this.isIdle) return;
    this.#busySince = undefined;
    this.#options.onIdle();
  }

  /** Tells of what only an operator can help with, and waits until the next try. */
  async #failed(error: Error): Promise<void> {
    if (!(error instanceof StreamFault)) throw error;
    const { alarms, stream } = this.#options;
    log.debug("{stream} has not stored a message: {why}", {
      ...{ stream: stream.name, why: error.message },
    });
    // It may be stored all the same: the same id makes another copy harmless.
    if (error.kind === "late") return;
    if (error.kind === "full") {
      alarms.raise(
        "full",
        `NATS has no room left for the stream ${stream.name} (${error.message}): free space on its disk, or ` +
          "raise its limit; until then, what people say waits",
      );
    } else if (error.kind === "ended") {
      alarms.raise(
        "other",
        `the stream ${stream.name} takes nothing any more: a new epoch of the network has begun. Start this ` +
          "bobchat again; what was said here and not sent is lost then",
      );
    } else if (error.kind === "refused") {
      alarms.raise(
        "refused",
        `NATS refuses what this bobchat sends to the stream ${stream.name} (${error.message}): see NATS's log ` +
          "and what its user may do there; until then, what people say waits",
      );
    }
    // A stream that is gone is the consumer's to tell.
    await this.#pause(error.kind === "nobody" || error.kind === "gone" ? RETRY : RETRY_REFUSED);
  }

  async #pause(ms: number): Promise<void> {
    let timer: ReturnType<typeof setTimeout> | undefined;
    await new Promise<void>((resolve) => {
      this.#wake = resolve;
      timer = setTimeout(resolve, ms);
    });
    clearTimeout(timer);
    this.#wake = undefined;
  }
}
