// The consumer: all messages of the stream, each once and in order, from a position on. It looks whether the
// stream is still the one that it has seen before it goes on, and says whether it is sound: the publisher sends
// nothing while it is not.

import { log } from "../log.ts";
import type { Alarms } from "./alarms.ts";
import { type Message, type Messages, type Position, type Stream, StreamFault } from "./stream.ts";

/** Options of the consumer. */
export interface ConsumerOptions {
  readonly stream: Stream;
  /** The last message that is in the state already. */
  readonly after: Position;
  readonly alarms: Alarms;
  /** Called when the stream has become sound, or is so no longer. */
  readonly onSound: (isSound: boolean) => void;
  /** Milliseconds, from a clock that never goes back. */
  readonly now: () => number;
}

/** Milliseconds without message or heartbeat until the consumer is made anew (heartbeats come every second). */
const SILENCE = 2500;
/** Milliseconds until it is tried again, at first and at most. */
const RETRY = 100, RETRY_AT_MOST = 2000;
/** How many messages this bobchat may be behind until its operators are told; and when it has caught up. */
const BEHIND = 5000, CAUGHT_UP = 100;
/** What looking finds; over once a look finds all as it was. */
const FOUND_BY_LOOKING = ["gone", "other", "expired"] as const;

const UNTIL = "; until then, what people say waits";
const ANEW =
  "begin a new epoch with `bobchat network new` and start every bobchat of the network again";

/** An iterable of the stream's messages, for one reader. */
export class Consumer {
  readonly #options: ConsumerOptions;
  #last: Position;
  #behind = 0;
  #isSound = false;
  #unsoundSince: number;
  #isClosed = false;
  /** Whether it has had all there was, once: a bobchat that starts is behind by right. */
  #hasCaughtUp = false;
  /** Grows with every consumer made: what comes of an earlier one is late, and counts for nothing. */
  #generation = 0;
  #messages: Messages | undefined;
  /** When the reader began to wait for the next message; undefined while it is busy. */
  #waitingSince: number | undefined;
  /** Ends the present wait: for a message, or until the next try. */
  #wake: ((message?: Message) => void) | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(options: ConsumerOptions) {
    this.#options = options;
    this.#last = options.after;
    this.#unsoundSince = options.now();
    options.stream.watch((isUp) => this.#linkChanged(isUp));
  }

  /** The last message that was handed out. */
  get last(): Position {
    return this.#last;
  }

  /** Since when the stream is not sound, in milliseconds of `now`; undefined while it is. */
  get unsoundSince(): number | undefined {
    return this.#isSound ? undefined : this.#unsoundSince;
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

  /** To be called a few times a second: makes the consumer anew if it has heard nothing for too long. */
  tick(): void {
    if (this.#waitingSince === undefined || this.#messages === undefined) return;
    const heard = Math.max(this.#messages.heardAt(), this.#waitingSince);
    if (this.#options.now() - heard < SILENCE) return;
    log.warn("no word from {stream} for {silence} ms: asking again", {
      ...{ stream: this.#options.stream.name, silence: SILENCE },
    });
    this.#unsound(heard);
    this.#cut();
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
      if (failures > 0) await this.#pause(Math.min(RETRY * 2 ** failures, RETRY_AT_MOST));
      failures++;
      const messages = await this.#open();
      if (messages === undefined) continue;
      this.#messages = messages;
      this.#sound();
      const iterator = messages[Symbol.asyncIterator]();
      for (;;) {
        const message = await this.#next(iterator);
        if (message === undefined || !this.#follows(message, { isFirst: failures > 0 })) break;
        failures = 0;
        this.#last = message;
        this.#behind = message.pending;
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

  /** Looks, and if all is as it was, has the stream send what comes after it; undefined: not now. */
  async #open(): Promise<Messages | undefined> {
    const { stream } = this.#options;
    const generation = ++this.#generation;
    if (!stream.isUp) return undefined;
    try {
      if (!await this.#isTheSame()) return undefined;
      const messages = await stream.consume(this.#last.sequence + 1);
      if (generation === this.#generation && stream.isUp && !this.#isClosed) return messages;
      messages.close();
    } catch (error) {
      if (!(error instanceof StreamFault)) throw error;
      log.debug("cannot read {stream} yet: {why}", { stream: stream.name, why: error.message });
      if (error.kind === "gone") {
        this.#raise(
          "gone",
          `the stream ${stream.name} is gone from NATS: put its store back, or ${ANEW}${UNTIL}`,
        );
      } else if (error.kind === "refused") {
        this.#raise(
          "refused",
          `NATS does not let this bobchat read the stream ${stream.name} (${error.message}): see NATS's log and ` +
            `what its user may do there${UNTIL}`,
        );
      }
    }
    return undefined;
  }

  /** Whether the stream has the last message as it was: else it is another stream, or an older copy of it. */
  async #isTheSame(): Promise<boolean> {
    const { sequence, id, at } = this.#last;
    if (sequence === 0) return true;
    const { stream, alarms } = this.#options;
    const found = await stream.look(sequence);
    if (found?.id === id && found.at === at) {
      alarms.end(FOUND_BY_LOOKING, `NATS has the right stream ${stream.name} again`);
      return true;
    }
    const { first } = found === undefined ? await stream.range() : { first: 0 };
    // It may be too old to be kept, while all that came after it is there.
    if (first === sequence + 1) return true;
    if (first > sequence) {
      this.#raise(
        "expired",
        `the stream ${stream.name} no longer reaches back to message ${sequence}, the last one here: start ` +
          "this bobchat again, so that it takes the newest snapshot",
      );
      return false;
    }
    const what = found === undefined ? "has no message" : "has another message";
    this.#raise(
      "other",
      `NATS ${what} ${sequence} in ${stream.name} than this bobchat has seen: the stream was made anew, or ` +
        `its store is an older copy. Put the right store back, or ${ANEW}${UNTIL}`,
    );
    return false;
  }

  /** Whether a message is the next one. */
  #follows({ sequence, pending }: Message, { isFirst }: { isFirst: boolean }): boolean {
    const { alarms, stream } = this.#options;
    const expected = this.#last.sequence + 1;
    if (sequence === expected) {
      if (isFirst) alarms.end(["gap"], `the stream ${stream.name} goes on where it should`);
      if (pending > BEHIND && this.#hasCaughtUp) {
        alarms.raise(
          "behind",
          `this bobchat is ${pending} batches behind the others: its machine has too much to do. It holds up ` +
            "nobody else; move people or bobchat to another machine",
        );
      } else if (pending < CAUGHT_UP) {
        this.#hasCaughtUp = true;
        alarms.end(["behind"], "this bobchat has caught up with the others");
      }
      return true;
    }
    // Right after a look that found the last one in its place, those between can only have been taken out.
    if (!isFirst) return false;
    this.#raise(
      "gap",
      `the stream ${stream.name} goes on with message ${sequence} where ${expected} should come: start this ` +
        "bobchat again, so that it takes the newest snapshot",
    );
    return false;
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
    await new Promise<void>((resolve) => {
      this.#wake = () => resolve();
      this.#timer = setTimeout(resolve, ms);
    });
    clearTimeout(this.#timer);
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

  #raise(...[kind, sentence]: Parameters<Alarms["raise"]>): void {
    this.#options.alarms.raise(kind, sentence);
  }

  #sound(): void {
    if (this.#isSound) return;
    this.#isSound = true;
    this.#options.onSound(true);
  }

  #unsound(since = this.#options.now()): void {
    if (!this.#isSound) return;
    this.#isSound = false;
    this.#unsoundSince = since;
    this.#options.onSound(false);
  }
}

/** Rethrows what nobody awaits. */
function bug(error: unknown): never {
  throw error;
}
