// A connection as a stream of Node's, for what needs one: TLS.

import { Buffer } from "node:buffer";
import { Duplex } from "node:stream";
import { type Connection, isPeerFault } from "./connection.ts";
import { ReadChunk } from "./read_chunk.ts";

/** Small while little comes, so that an idle connection costs little; large is a TLS record. */
const READ_SIZE = { idle: 256, busy: 16 * 1024 };

/** A stream over a connection. */
export class ConnectionDuplex extends Duplex {
  readonly #connection: Connection;
  readonly #chunk = new ReadChunk(READ_SIZE);

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

  override _write(chunk: Uint8Array, _encoding: string, done: (error?: Error) => void): void {
    this.#connection.write(chunk).then(
      (count) => {
        if (count < chunk.length) this._write(chunk.subarray(count), _encoding, done);
        else done();
      },
      (error) => this.#fail(error),
    );
  }

  override _final(done: () => void): void {
    this.#connection.endWrites();
    done();
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.#connection.close();
    done(error);
  }

  #fail(error: unknown): void {
    if (!isPeerFault(error)) throw error;
    this.destroy(error as Error);
  }
}
