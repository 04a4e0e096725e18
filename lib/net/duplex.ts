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
  /** What is being written, and what to call once it is. */
  #unsent = NOTHING;
  #done: WriteDone | undefined;
  // Made once, as in the outbox: each write makes less garbage.
  readonly #onWritten = (count: number) => this.#written(count);
  readonly #onFailed = (error: unknown) => this.#fail(error);

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
      this.#onFailed,
    );
  }

  /**
   * Sends a chunk, past the queue that a stream has: TLS never writes another before this one is done, and the
   * queue took a tenth of the time of a delivery.
   */
  override write(chunk: Uint8Array, encodingOrDone?: unknown, lastDone?: unknown): boolean {
    if (this.#unsent !== NOTHING) throw new Error("a write is under way");
    this.#done = (typeof encodingOrDone === "function" ? encodingOrDone : lastDone) as
      | WriteDone
      | undefined;
    this.#send(chunk);
    return true;
  }

  override _final(done: () => void): void {
    this.#connection.endWrites();
    done();
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
    const done = this.#done;
    this.#done = undefined;
    this.#unsent = NOTHING;
    done?.();
  }

  #fail(error: unknown): void {
    if (!isPeerFault(error)) throw error;
    this.destroy(error as Error);
  }
}
