// The consumer: all messages of the stream, each once and in order, from a position on. Before it goes on after a
// break it looks whether the stream is still the one that it has seen (continuity.ts), and it says whether it is
// sound: the publisher sends nothing while it is not.

import { log } from "../log.ts";
import { Continuity, type ContinuityOptions } from "./continuity.ts";
import { type Message, type Messages, type Position, StreamFault } from "./stream.ts";

/** Options of the consumer. */
export interface ConsumerOptions extends ContinuityOptions {
  /** Called when the stream has become sound, or is so no longer. */
  readonly onSound: (isSound: boolean) => void;
  /** Milliseconds, from a clock that never goes back. */
  readonly now: () => number;
}

/** Milliseconds without message or heartbeat until the consumer is made anew (heartbeats come every second). */
const SILENCE = 2500;
/** Milliseconds until it is tried again, at first and at most; and until one more try beside one that has not ended. */
const RETRY = 200, RETRY_AT_MOST = 500, RETRY_BESIDE = 500;
/** By how many messages this bobchat may fall behind until its operators are told; and when it has caught up. */
const BEHIND = 5000, CAUGHT_UP = 100;

/** An iterable of the stream's messages, for one reader. */
export class Consumer {
  readonly #options: ConsumerOptions;
  readonly #continuity: Continuity;
  #behind = 0;
  #unsoundSince: number | undefined;
  #isClosed = false;
  /** The fewest that it was behind with this consumer: at a start and after a break it is behind by right. */
  #leastBehind = Infinity;
  /** Grows with every consumer made: what comes of an earlier one is late, and counts for nothing. */
  #generation = 0;
  #messages: Messages | undefined;
  /** When the reader began to wait for the next message; undefined while it is busy. */
  #waitingSince: number | undefined;
  /** Ends the present wait: for a message, or until the next try. */
  #wake: ((message?: Message) => void) | undefined;
  #tickedAt: number | undefined;

  constructor(options: ConsumerOptions) {
    this.#options = options;
    this.#continuity = new Continuity(options);
    this.#unsoundSince = options.now();
    options.stream.watch((isUp) => this.#linkChanged(isUp));
  }

  /** The last message that was handed out. */
  get last(): Position {
    return this.#continuity.last;
  }

  /** Since when the stream is not sound, in milliseconds of `now`; undefined while it is. */
  get unsoundSince(): number | undefined {
    return this.#unsoundSince;
  }

  /** How many messages came after the last one that was handed out, as NATS said with it. */
  get behind(): number {
    return this.#behind;
  }

  /** Looks at the stream before it goes on: something about it is not as it should be. */
  doubt(): void {
    this.#unsound();
    this.#cut();
  }

  /**
   * To be called a few times a second: makes the consumer anew if it has heard nothing for too long, or if this
   * bobchat was frozen: what has arrived says nothing of what came after.
   */
  tick(): void {
    const now = this.#options.now(), { name: stream } = this.#options.stream;
    const frozen = now - (this.#tickedAt ?? now);
    this.#tickedAt = now;
    if (this.#messages === undefined) return;
    const heard = Math.max(this.#messages.heardAt(), this.#waitingSince ?? now);
    if (now - heard >= SILENCE) {
      log.warn("no word from {stream} for {silence} ms: asking again", {
        ...{ stream, silence: SILENCE },
      });
      this.#unsound(heard);
      this.#cut();
    } else if (frozen >= SILENCE) {
      log.warn("this bobchat stood still for {frozen} ms: asking {stream} again", {
        ...{ stream, frozen: Math.round(frozen) },
      });
      this.doubt();
    }
  }

  /** Ends the iteration. */
  close(): void {
    this.#isClosed = true;
    this.#cut();
  }

  /** Yields every message after the first position, once and in order, until it is closed. */
  async *[Symbol.asyncIterator](): AsyncGenerator<Message, void, void> {
    let failures = 0;
    while (!this.#isClosed) {
      // One that ended after messages came is made anew at once.
      if (failures > 0) await this.#pause(Math.min(RETRY * 2 ** (failures - 1), RETRY_AT_MOST));
      failures++;
      const messages = await this.#open();
      if (messages === undefined) continue;
      this.#messages = messages;
      this.#leastBehind = Infinity;
      this.#sound();
      const iterator = messages[Symbol.asyncIterator]();
      for (;;) {
        const message = await this.#next(iterator);
        if (message === undefined) break;
        if (!this.#continuity.sees(message, { isFirst: failures > 0 })) break;
        failures = 0;
        this.#noteBehind(message);
        yield message;
        if (this.#messages !== messages) break;
      }
      this.#unsound();
      this.#messages = undefined;
      messages.close();
      // Ends it if nobody waits in it, which `close` alone does not.
      iterator.return?.().catch(bug);
    }
  }

  /**
   * Tries to open, and once more every half second until one try has ended; undefined: not now. Waiting for one
   * answer would not do: NATS gives none while it has no leader, and gives a consumer to a server that has just died
   * as to any other.
   */
  async #open(): Promise<Messages | undefined> {
    const generation = ++this.#generation;
    const { promise, resolve, reject } = Promise.withResolvers<Messages | undefined>();
    this.#wake = () => resolve(undefined);
    const begin = () => void this.#try(generation).then(resolve, reject);
    const timer = setInterval(begin, RETRY_BESIDE);
    try {
      begin();
      return await promise;
    } finally {
      clearInterval(timer);
      this.#wake = undefined;
    }
  }

  /** Looks, and if all is as it was, has the stream send what comes after it; undefined: not now, or too late. */
  async #try(generation: number): Promise<Messages | undefined> {
    const { stream } = this.#options;
    if (!stream.isUp || this.#isClosed) return undefined;
    try {
      if (!await this.#continuity.isTheSame()) return undefined;
      const messages = await stream.consume(this.last.sequence + 1);
      if (generation === this.#generation) {
        this.#generation++; // the tries beside it are late now
        return messages;
      }
      messages.close();
    } catch (error) {
      if (!(error instanceof StreamFault)) throw error;
      log.debug("cannot read {stream} yet: {why}", { stream: stream.name, why: error.message });
      if (generation === this.#generation) this.#continuity.cannotRead(error);
    }
    return undefined;
  }

  /** Tells whether this bobchat falls behind the others, or has caught up. */
  #noteBehind({ pending }: Message): void {
    const { alarms } = this.#options;
    this.#behind = pending;
    this.#leastBehind = Math.min(this.#leastBehind, pending);
    if (pending - this.#leastBehind > BEHIND) {
      alarms.raise(
        "behind",
        `this bobchat is ${pending} batches behind the others: its machine has too much to do. It holds up ` +
          "nobody else; move people or bobchat to another machine",
      );
    } else if (pending < CAUGHT_UP) {
      alarms.end(["behind"], "this bobchat has caught up with the others");
    }
  }

  /** The next message; undefined if this consumer is at its end, or was cut off. */
  async #next(iterator: AsyncIterator<Message>): Promise<Message | undefined> {
    const generation = this.#generation;
    this.#waitingSince = this.#options.now();
    const message = await new Promise<Message | undefined>((resolve) => {
      this.#wake = resolve;
      iterator.next().then(
        ({ value, done }) => resolve(done === true ? undefined : value),
        (error: Error) => {
          log.info("the stream's consumer ended: {why}", { why: error.message });
          resolve(undefined);
        },
      );
    });
    this.#wake = this.#waitingSince = undefined;
    return generation === this.#generation ? message : undefined;
  }

  /** Waits before the next try; a link that comes back ends it. */
  async #pause(ms: number): Promise<void> {
    if (this.#isClosed) return;
    let timer: ReturnType<typeof setTimeout> | undefined;
    await new Promise<void>((resolve) => {
      this.#wake = () => resolve();
      timer = setTimeout(resolve, ms);
    });
    clearTimeout(timer);
    this.#wake = undefined;
  }

  #linkChanged(isUp: boolean): void {
    if (isUp) this.#wake?.();
    else this.doubt();
  }

  /** Ends the present consumer: a new one is made. */
  #cut(): void {
    this.#generation++;
    this.#messages = undefined;
    this.#wake?.();
  }

  #sound(): void {
    if (this.#unsoundSince === undefined) return;
    this.#unsoundSince = undefined;
    this.#options.onSound(true);
  }

  #unsound(since = this.#options.now()): void {
    if (this.#unsoundSince !== undefined) return;
    this.#unsoundSince = since;
    this.#options.onSound(false);
  }
}

/** Rethrows what nobody awaits. */
function bug(error: unknown): never {
  throw error;
}
