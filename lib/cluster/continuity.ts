// Whether the stream is the one that this bobchat has seen, and goes on where it should. Where it does not, or
// cannot be read, that is an alarm: the consumer (consumer.ts) then hands out nothing.

import type { Alarms } from "./alarms.ts";
import type { Position, Stream, StreamFault } from "./stream.ts";

/** Options of the continuity. */
export interface ContinuityOptions {
  readonly stream: Stream;
  /** The last message that is in the state already. */
  readonly after: Position;
  readonly alarms: Alarms;
}

/** What looking finds; over once a look finds all as it was. */
const FOUND_BY_LOOKING = ["gone", "other", "expired"] as const;

const UNTIL = "; until then, what people say waits";
const ANEW =
  "begin a new epoch with `bobchat network new` and start every bobchat of the network again";
const RESTART = "start this bobchat again, so that it takes the newest snapshot";

/** What this bobchat has seen of the stream, and whether that goes on. */
export class Continuity {
  readonly #stream: Stream;
  readonly #alarms: Alarms;
  #last: Position;

  constructor({ stream, after, alarms }: ContinuityOptions) {
    this.#stream = stream;
    this.#last = after;
    this.#alarms = alarms;
  }

  /** The last message that was seen. */
  get last(): Position {
    return this.#last;
  }

  /**
   * Whether the stream has the last message as it was: else it is another stream, or an older copy of it.
   * Rejects with a `StreamFault`.
   */
  async isTheSame(): Promise<boolean> {
    const { sequence, id, at } = this.#last;
    if (sequence === 0) return true;
    const { name } = this.#stream;
    const found = await this.#stream.look(sequence);
    if (found?.id === id && found.at === at) {
      this.#alarms.end(FOUND_BY_LOOKING, `NATS has the right stream ${name} again`);
      return true;
    }
    const { first } = found === undefined ? await this.#stream.range() : { first: 0 };
    // It may be too old to be kept, while all that came after it is there.
    if (first === sequence + 1) return true;
    if (first > sequence) {
      this.#alarms.raise(
        "expired",
        `the stream ${name} no longer reaches back to message ${sequence}, the last one here: ${RESTART}`,
      );
      return false;
    }
    const what = found === undefined ? "has no message" : "has another message";
    this.#alarms.raise(
      "other",
      `NATS ${what} ${sequence} in ${name} than this bobchat has seen: the stream was made anew, or ` +
        `its store is an older copy. Put the right store back, or ${ANEW}${UNTIL}`,
    );
    return false;
  }

  /** Sees a message, and returns whether it is the next one; `isFirst`: right after a look. */
  sees({ sequence, id, at }: Position, { isFirst }: { isFirst: boolean }): boolean {
    const expected = this.#last.sequence + 1, { name } = this.#stream;
    if (sequence === expected) {
      this.#last = { sequence, id, at };
      if (isFirst) this.#alarms.end(["gap"], `the stream ${name} goes on where it should`);
      return true;
    }
    // Right after a look that found the last one in its place, those between can only have been taken out.
    if (isFirst) {
      this.#alarms.raise(
        "gap",
        `the stream ${name} goes on with message ${sequence} where ${expected} should come: ${RESTART}`,
      );
    }
    return false;
  }

  /** Tells of a stream that cannot be read, if only an operator can help. */
  cannotRead({ kind, message }: StreamFault): void {
    const { name } = this.#stream;
    if (kind === "gone") {
      this.#alarms.raise(
        "gone",
        `the stream ${name} is gone from NATS: put its store back, or ${ANEW}${UNTIL}`,
      );
    } else if (kind === "refused") {
      this.#alarms.raise(
        "refused",
        `NATS does not let this bobchat read the stream ${name} (${message}): see NATS's log and ` +
          `what its user may do there${UNTIL}`,
      );
    }
  }
}
