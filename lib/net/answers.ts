// What one member asked for and was not sent yet. Its reader passes the next request on when this has left,
// and pays for it by its size: so a burst of requests fills no outbox, and costs whoever sent it.

/** A part of all the bytes that are sent to a member: an answer, or several in a row. */
interface Part {
  readonly from: number;
  to: number;
}

const NONE: Part[] = [];

/** The answers on their way to one member. */
export class Answers {
  #parts = NONE;
  #waiting = 0;
  /** Inputs that were passed on, and not answered yet. */
  #asked = 0;
  #isOver = false;
  /** Bytes that its reader was not told of. */
  #untold = 0;
  #relief: PromiseWithResolvers<void> | undefined;

  /** Bytes of answers that were not sent yet. */
  get waiting(): number {
    return this.#waiting;
  }

  /** An input is passed on whose answer is waited for. */
  asked(): void {
    this.#asked++;
  }

  /** All of an answer was written. */
  answered(): void {
    this.#asked--;
    this.#wake();
  }

  /** So many bytes of an answer are written behind so many that were written before. */
  add(from: number, length: number): void {
    this.#untold += length;
    this.#waiting += length;
    const last = this.#parts.at(-1);
    if (last?.to === from) last.to += length;
    else if (this.#parts === NONE) this.#parts = [{ from, to: from + length }];
    else this.#parts.push({ from, to: from + length });
  }

  /** So many bytes of all were sent, since the start. */
  sentUpTo(sent: number): void {
    const left = this.#parts.findIndex(({ to }) => to > sent);
    if (left === -1) this.#parts = NONE;
    else this.#parts.splice(0, left);
    this.#waiting = this.#parts.reduce((sum, { from, to }) => sum + to - Math.max(from, sent), 0);
    this.#wake();
  }

  /** Nothing more is sent, or nobody is there to take it. */
  end(): void {
    this.#isOver = true;
    this.#parts = NONE;
    this.#waiting = 0;
    this.#wake();
  }

  /** Whether there are answers to come, or more than so many bytes of them to be sent. */
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

  /** So many whole units of bytes were answered since it was last asked. */
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
