// What has arrived and was not read yet: connects a source that pushes bytes to a reader that awaits them.

/** How to pause and resume the source; it is paused while enough bytes wait. */
export interface Source {
  pause(): void;
  resume(): void;
}

/** A read that waits. */
interface Reading {
  readonly buffer: Uint8Array;
  readonly resolve: (count: number | null) => void;
  readonly reject: (error: unknown) => void;
}

/** Bytes that may wait before the source is paused, so that TCP slows the peer down. */
const ENOUGH = 16 * 1024;
/** Bytes that a chunk counts for besides its content. */
const HEAD = 64;

/** Chunks that wait to be read, in order, and the end of the stream. */
export class ReadBuffer {
  readonly #source: Source;
  readonly #chunks: Uint8Array[] = [];
  #size = 0;
  #isPaused = false;
  /** How it has ended: null for a plain end, undefined while it is open. */
  #end: Error | null | undefined;
  /** The read that waits; there is one at most. */
  #reading: Reading | undefined;

  constructor(source: Source) {
    this.#source = source;
  }

  /** Whether the source is paused. */
  get isPaused(): boolean {
    return this.#isPaused;
  }

  /** Adds bytes, which the caller must not change any more. */
  push(chunk: Uint8Array): void {
    if (chunk.length === 0 || this.#end !== undefined) return;
    this.#chunks.push(chunk);
    this.#size += chunk.length + HEAD;
    if (this.#size > ENOUGH && !this.#isPaused) {
      this.#isPaused = true;
      this.#source.pause();
    }
    this.#answer();
  }

  /** Ends the stream after what waits: plainly, or with an error. Whatever comes later is ignored. */
  end(how: Error | null): void {
    if (this.#end !== undefined) return;
    this.#end = how;
    this.#answer();
  }

  /** Fills the buffer with what waits, or with what comes next: the count, or null at the end. */
  read(buffer: Uint8Array): Promise<number | null> {
    if (this.#chunks.length > 0) return Promise.resolve(this.#take(buffer));
    if (this.#end === null) return Promise.resolve(null);
    if (this.#end !== undefined) return Promise.reject(this.#end);
    // Not an async function: those who are idle wait here, and its frame would be a part of what they cost.
    return new Promise((resolve, reject) => this.#reading = { buffer, resolve, reject });
  }

  #answer(): void {
    const reading = this.#reading;
    if (reading === undefined) return;
    this.#reading = undefined;
    if (this.#chunks.length > 0) reading.resolve(this.#take(reading.buffer));
    else if (this.#end === null) reading.resolve(null);
    else reading.reject(this.#end);
  }

  #take(buffer: Uint8Array): number {
    const chunk = this.#chunks[0]!;
    const part = chunk.subarray(0, buffer.length);
    buffer.set(part);
    if (part.length < chunk.length) this.#chunks[0] = chunk.subarray(part.length);
    else {
      this.#chunks.shift();
      this.#size -= HEAD;
    }
    this.#size -= part.length;
    if (this.#isPaused && this.#size === 0) {
      this.#isPaused = false;
      this.#source.resume();
    }
    return part.length;
  }
}
