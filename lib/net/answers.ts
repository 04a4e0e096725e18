// Answers that a member asked for and that were not sent yet. Its reader passes the next request on only when
// they have left, and counts their size against the rate: so a burst of requests fills no outbox, and slows
// down only its sender.

/** A range of the bytes that are sent to a member: one answer, or several in a row. */
interface Part {
  readonly from: number;
  to: number;
}

const NONE: Part[] = [];

/** The answers on their way to one member. */
export class Answers {
  #parts = NONE;
  #waiting = 0;
  /** Inputs that were passed on and not answered yet. */
  #asked = 0;
  #isOver = false;
  /** Bytes that its reader has not counted yet. */
  #untold = 0;
  #relief: PromiseWithResolvers<void> | undefined;

  /** Bytes of answers that were not sent yet. */
  get waiting(): number {
    return this.#waiting;
  }

  /** An input that expects an answer is passed on. */
  asked(): void {
    this.#asked++;
  }

  /** All of an answer was written. */
  answered(): void {
    this.#asked--;
    this.#wake();
  }

  /** Adds `length` bytes of an answer that begin after the first `from` bytes of all. */
  add(from: number, length: number): void {
    this.#untold += length;
    this.#waiting += length;
    const last = this.#parts.at(-1);
    if (last?.to === from) last.to += length;
    else if (this.#parts === NONE) this.#parts = [{ from, to: from + length }];
    else this.#parts.push({ from, to: from + length });
  }

  /** The first `sent` bytes of all were sent. */
  sentUpTo(sent: number): void {
    const left = this.#parts.findIndex(({ to }) => to > sent);
    if (left === -1) this.#parts = NONE;
    else this.#parts.splice(0, left);
    this.#waiting = this.#parts.reduce((sum, { from, to }) => sum + to - Math.max(from, sent), 0);
    this.#wake();
  }

  /** Nothing more will be sent, or the peer is gone. */
  end(): void {
    this.#isOver = true;
    this.#parts = NONE;
    this.#waiting = 0;
    this.#wake();
  }

  /** Whether answers are outstanding, or more than `most` bytes of them wait to be sent. */
  isBehind(most: number): boolean {
    return !this.#isOver && (this.#asked > 0 || this.#waiting > most);
  }

  /** Resolves when that may have changed, or the signal is aborted. */
  async change(stop: AbortSignal): Promise<void> {
    const { promise, resolve } = this.#relief ??= Promise.withResolvers();
    const wake = () => resolve();
    stop.addEventListener("abort", wake, { once: true });
    await promise;
    stop.removeEventListener("abort", wake);
  }

  /** How many whole units of bytes were answered since the last call. */
  take(unit: number): number {
    const units = Math.floor(this.#untold / unit);
    this.#untold -= units * unit;
    return units;
  }

  #wake(): void {
    this.#relief?.resolve();
    this.#relief = undefined;
  }
}
