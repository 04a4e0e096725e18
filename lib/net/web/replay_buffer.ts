// The frames that an app was sent and may not have received: kept until they are known to have arrived, or
// there are too many, so that a new link can continue with the very next frame.

import type { Framing } from "../../wire/framing.ts";

/** Chunks of frames, in order. */
export class ReplayBuffer {
  readonly #framing: Framing;
  /** The chunks that are kept, and how many frames each has. (Objects of both would be old when they are dropped.) */
  #chunks: Uint8Array[] = [];
  #counts: number[] = [];
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
    this.#chunks.push(chunk);
    this.#counts.push(countFrames(chunk, this.#framing));
    while (this.#size > most) this.#drop();
  }

  /** Drops the whole chunks among the first `bytes` of all that was written: they have arrived. */
  arrived(bytes: number): void {
    for (let end = this.#written - this.#size;;) {
      const first = this.#chunks[0];
      if (first === undefined || (end += first.length) > bytes) return;
      this.#drop();
    }
  }

  /** Drops everything, and counts frames from here. */
  clear(): void {
    this.#chunks = [];
    this.#counts = [];
    this.#size = 0;
    this.#before = 0;
  }

  /** What follows the first `frames` frames; undefined if that is not kept any more, or not sent yet. */
  behind(frames: number): Uint8Array[] | undefined {
    let skip = frames - this.#before;
    if (skip < 0) return undefined;
    const rest: Uint8Array[] = [];
    for (const chunk of this.#chunks) {
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

  /** Drops the oldest chunk. */
  #drop(): void {
    this.#size -= this.#chunks.shift()!.length;
    this.#before += this.#counts.shift()!;
  }
}

let lastChunk: Uint8Array = new Uint8Array(0);
let lastCount = 0;

/** How many frames a chunk has. A chunk is sent to many apps in a row, so it is counted once. */
function countFrames(chunk: Uint8Array, framing: Framing): number {
  if (chunk === lastChunk) return lastCount;
  let count = 0;
  for (const _ of framing.ends(chunk)) count++;
  lastChunk = chunk;
  return lastCount = count;
}
