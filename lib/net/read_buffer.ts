// What has arrived before anyone asked for it: where bytes come by events, and are read by promises.

/** What stops and restarts the source: it is stopped while enough waits. */
export interface Source {
  pause(): void;
  resume(): void;
}

/** Bytes that may wait before the source is stopped, so that TCP slows the peer down. */
const ENOUGH = 16 * 1024;
/** Bytes that a chunk counts for besides its own. */
const HEAD = 64;

/** Chunks that wait to be read, in order, and how they end. */
export class ReadBuffer {
  readonly #source: Source;
  readonly #chunks: Uint8Array[] = [];
  #size = 0;
  #isPaused = false;
  /** How it has ended: null for a plain end. */
  #end: Error | null | undefined;
  #wake: (() => void) | undefined;

  constructor(source: Source) {
    this.#source = source;
  }

  /** Whether the source is stopped. */
  get isPaused(): boolean {
    return this.#isPaused;
  }

  /** Adds bytes, which are its own from now on. */
  push(chunk: Uint8Array): void {
    if (chunk.length === 0 || this.#end !== undefined) return;
    this.#chunks.push(chunk);
    this.#size += chunk.length + HEAD;
    if (this.#size > ENOUGH && !this.#isPaused) {
      this.#isPaused = true;
      this.#source.pause();
    }
    this.#wake?.();
  }

  /** Ends it, behind what waits: plainly, or with an error. What comes later changes nothing. */
  end(how: Error | null): void {
    if (this.#end !== undefined) return;
    this.#end = how;
    this.#wake?.();
  }

  /** Fills the buffer with what waits, or with what comes next: the count, or null at the end. */
  async read(buffer: Uint8Array): Promise<number | null> {
    while (this.#chunks.length === 0) {
      if (this.#end === null) return null;
      if (this.#end !== undefined) throw this.#end;
      await new Promise<void>((resolve) => this.#wake = resolve);
    }
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
