// Where a connection's reads go: a small buffer while little comes, so that those who only listen cost
// little, and a large one while much does. The large ones are shared: each is one connection's at a time.

import type { Protocol } from "../wire/protocol.ts";

/** How many reads in a row must leave room in the small buffer until it is used again. */
const CALM = 16;
/** How many large buffers at most are kept for the next who needs one. */
const MOST_SPARE = 64;

const spare: Uint8Array[] = [];

/** One connection's buffer. */
export class ReadChunk {
  readonly #size: Protocol["readSize"];
  #bytes: Uint8Array;
  /** How many reads in a row would have left room in the small one. */
  #calm = 0;

  constructor(size: Protocol["readSize"]) {
    this.#size = size;
    this.#bytes = new Uint8Array(size.idle);
  }

  /** What the next read fills. */
  get bytes(): Uint8Array {
    return this.#bytes;
  }

  /** Chooses the next read's buffer by what the last one brought; that must have been used up. */
  adapt(count: number): void {
    const { idle, busy } = this.#size;
    if (busy === idle) return;
    if (this.#bytes.length === idle) {
      if (count === idle) this.#bytes = large(busy);
    } else {
      // Not at once: after a read that fills its buffer the system is asked in vain before it waits for
      // more, and whose lines just fill a small one would pay for that at every other read.
      this.#calm = count < idle ? this.#calm + 1 : 0;
      if (this.#calm === CALM) this.release();
    }
  }

  /** Gives a large buffer back; no read may be under way. */
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
