// A connection as a stream of Node's, for what needs one: TLS.

import { Buffer } from "node:buffer";
import { Duplex } from "node:stream";
import { type Connection, isPeerFault } from "./connection.ts";
import { ReadChunk } from "./read_chunk.ts";

/** Small while little comes, so that an idle connection costs little; large is a TLS record. */
const READ_SIZE = { idle: 256, busy: 16 * 1024 };
const NOTHING: Uint8Array = new Uint8Array(0);

/** What a stream calls once a chunk is written. */
type WriteDone = (error?: Error | null) => void;

/** A stream over a connection. */
export class ConnectionDuplex extends Duplex {
  readonly #connection: Connection;
  readonly #chunk = new ReadChunk(READ_SIZE);
  /** What is being sent, what is to be sent after it, and what to call once there is nothing. */
  #unsent = NOTHING;
  readonly #waiting: Uint8Array[] = [];
  readonly #onFlushed: WriteDone[] = [];
  // Made once, as in the outbox: each write makes less garbage.
  readonly #onWritten = (count: number) => this.#written(count);
  readonly #onFailed = (error: unknown) => this.#failed(error);

  constructor(connection: Connection) {
    super({ allowHalfOpen: true });
    this.#connection = connection;
  }

  override _read(): void {
    this.#connection.read(this.#chunk.bytes).then(
      (count) => {
        if (count === null) return void this.push(null);
        const bytes = Buffer.from(this.#chunk.bytes.subarray(0, count));
        this.#chunk.adapt(count);
        this.push(bytes);
      },
      (error) => this.#fail(error),
    );
  }

  /**
   * Sends a chunk, past the queue that a stream has, and says at once that it is done: so TLS keeps nothing for
   * it while it is sent, and a delivery takes a tenth less time. Whoever writes more must wait for `flushed`.
   */
  override write(chunk: Uint8Array, encodingOrDone?: unknown, lastDone?: unknown): boolean {
    if (this.#unsent === NOTHING) this.#send(chunk);
    else this.#waiting.push(chunk);
    const done = typeof encodingOrDone === "function" ? encodingOrDone : lastDone;
    (done as WriteDone | undefined)?.();
    return true;
  }

  /** Calls back once the system has taken all that was written, or with an error if it cannot. */
  flushed(done: WriteDone): void {
    if (this.#unsent === NOTHING) done();
    else this.#onFlushed.push(done);
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.#connection.close();
    done(error);
  }

  #send(chunk: Uint8Array): void {
    this.#unsent = chunk;
    this.#connection.write(chunk).then(this.#onWritten, this.#onFailed);
  }

  #written(count: number): void {
    if (count < this.#unsent.length) return this.#send(this.#unsent.subarray(count));
    const next = this.#waiting.shift();
    if (next !== undefined) return this.#send(next);
    this.#unsent = NOTHING;
    for (const done of this.#onFlushed.splice(0)) done();
  }

  #failed(error: unknown): void {
    this.#fail(error);
    this.#waiting.length = 0;
    this.#unsent = NOTHING;
    for (const done of this.#onFlushed.splice(0)) done(error as Error);
  }

  #fail(error: unknown): void {
    if (!isPeerFault(error)) throw error;
    this.destroy(error as Error);
  }
}
