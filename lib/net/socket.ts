// A connection over one of Node's TLS sockets: Deno's own can neither change their certificate nor send small
// writes at once.

import type { Buffer } from "node:buffer";
import type { Socket } from "node:net";
import { ReadBuffer } from "./read_buffer.ts";
import type { Connection } from "./connection.ts";
import type { Remote } from "./tls_listener.ts";

/** A connection over a socket that nobody on the way can read. */
export class SocketConnection implements Connection {
  readonly remote: string;
  readonly address: string;
  readonly isPrivate = true;
  readonly isSecure = true;
  readonly #socket: Socket;
  readonly #tcp: Socket;
  readonly #arrived: ReadBuffer;
  readonly #closed = Promise.withResolvers<void>();

  constructor(socket: Socket, { remote, address, tcp }: Remote) {
    this.#socket = socket;
    this.#tcp = tcp;
    this.remote = remote;
    this.address = address;
    const arrived = this.#arrived = new ReadBuffer(socket);
    socket.on("data", (chunk: Buffer) => arrived.push(chunk));
    socket.on("end", () => arrived.end(null));
    socket.on("error", (error: Error) => arrived.end(asPeerFault(error)));
    socket.on("close", () => {
      arrived.end(new Deno.errors.Interrupted("closed"));
      this.#closed.resolve();
    });
  }

  read(buffer: Uint8Array): Promise<number | null> {
    return this.#arrived.read(buffer);
  }

  write(chunk: Uint8Array): Promise<number> {
    return new Promise((resolve, reject) => {
      this.#socket.write(chunk, (error) => {
        if (error) reject(asPeerFault(error));
        else resolve(chunk.length);
      });
    });
  }

  endWrites(): void {
    this.#socket.end();
  }

  endReads(): void {
    // Its peer has ended: once this side has too, the socket closes by itself.
  }

  close(isEvicted = false): void {
    // A secure socket cannot be reset itself; it closes with the one below.
    if (isEvicted) this.#tcp.resetAndDestroy();
    else this.#socket.destroy();
  }

  closed(): Promise<void> {
    return this.#closed.promise;
  }
}

/** Turns Node's error for a peer that is gone into Deno's. */
function asPeerFault(error: Error): Error {
  const isReset = "code" in error && error.code === "ECONNRESET";
  const Fault = isReset ? Deno.errors.ConnectionReset : Deno.errors.ConnectionAborted;
  return new Fault(error.message, { cause: error });
}
