// The frames that an app was sent and may not have received: kept until they are known to have arrived, or
// there are too many, so that a new link can continue with the very next frame.

import type { Framing } from "../../wire/framing.ts";

/** A chunk of whole frames, and the count of bytes up to its end. */
interface Entry {
  readonly chunk: Uint8Array;
  readonly end: number;
}

/** Chunks of frames, in order. */
export class ReplayBuffer {
  readonly #framing: Framing;
  #entries: Entry[] = [];
  #size = 0;
  /** How many frames came before the first one that is kept. */
  #before = 0;
  #written = 0;

  constructor(framing: Framing) {
    this.#framing = framing;
  }

  /** Bytes that are kept. */
  get size(): number {
    return this.#size;
  }

  /** Bytes added so far. */
  get written(): number {
    return this.#written;
  }

  /** Adds a chunk of whole frames; drops the oldest chunks if there are more than `most` bytes. */
  push(chunk: Uint8Array, most: number): void {
    this.#written += chunk.length;
    this.#size += chunk.length;
    this.#entries.push({ chunk, end: this.#written });
    let left = this.#size, count = 0;
    while (left > most) left -= this.#entries[count++]!.chunk.length;
    this.#drop(count);
  }

  /** Drops the whole chunks among the first `bytes` of all that was written: they have arrived. */
  arrived(bytes: number): void {
    const left = this.#entries.findIndex(({ end }) => end > bytes);
    this.#drop(left === -1 ? this.#entries.length : left);
  }

  /** Drops everything, and counts frames from here. */
  clear(): void {
    this.#entries = [];
    this.#size = 0;
    this.#before = 0;
  }

  /** What follows the first `frames` frames; undefined if that is not kept any more, or not sent yet. */
  behind(frames: number): Uint8Array[] | undefined {
    let skip = frames - this.#before;
    if (skip < 0) return undefined;
    const rest: Uint8Array[] = [];
    for (const { chunk } of this.#entries) {
      if (skip === 0) {
        rest.push(chunk);
        continue;
      }
      let start = 0;
      for (const end of this.#framing.ends(chunk)) {
        if (skip === 0) break;
        skip--;
        start = end;
      }
      if (start < chunk.length) rest.push(chunk.subarray(start));
    }
    return skip === 0 ? rest : undefined;
  }

  /** Drops the oldest `count` chunks. */
  #drop(count: number): void {
    for (const { chunk } of this.#entries.splice(0, count)) {
      this.#size -= chunk.length;
      for (const _ of this.#framing.ends(chunk)) this.#before++;
    }
  }
}
