// The buffer for a connection's reads: small while little comes, so that those who only listen cost little,
// and large while much does. Large buffers are shared, each used by one connection at a time.

import type { Protocol } from "../wire/protocol.ts";

/** How many reads in a row must fit in the small buffer before it is used again. */
const CALM = 16;
/** Most large buffers that are kept for reuse. */
const MOST_SPARE = 64;

const spare: Uint8Array[] = [];

/** One connection's buffer. */
export class ReadChunk {
  readonly #size: Protocol["readSize"];
  #bytes: Uint8Array;
  /** How many reads in a row would have fitted in the small buffer. */
  #calm = 0;

  constructor(size: Protocol["readSize"]) {
    this.#size = size;
    this.#bytes = new Uint8Array(size.idle);
  }

  /** The buffer for the next read. */
  get bytes(): Uint8Array {
    return this.#bytes;
  }

  /** Chooses the next buffer by the count of the last read, whose bytes must have been used. */
  adapt(count: number): void {
    const { idle, busy } = this.#size;
    if (busy === idle) return;
    if (this.#bytes.length === idle) {
      if (count === idle) this.#bytes = large(busy);
    } else {
      // Not at once: after a read that fills its buffer the system is asked in vain before it waits for more.
      // A client whose lines just fill a small buffer would pay for that at every other read.
      this.#calm = count < idle ? this.#calm + 1 : 0;
      if (this.#calm === CALM) this.release();
    }
  }

  /** Returns a large buffer; no read may be under way. */
  release(): void {
    const { idle } = this.#size;
    if (this.#bytes.length === idle) return;
    if (spare.length < MOST_SPARE) spare.push(this.#bytes);
    this.#bytes = new Uint8Array(idle);
    this.#calm = 0;
  }
}

function large(size: number): Uint8Array {
  const bytes = spare.pop();
  return bytes?.length === size ? bytes : new Uint8Array(size);
}
