// TLS over any connection: the handshake, and the secure connection on top. What it speaks inside is detected
// as on any other. The certificate can be changed while the server runs.

import { Buffer } from "node:buffer";
import { type SecureContext, TLSSocket } from "node:tls";
import { log } from "../log.ts";
import { counter, type Metrics } from "../metrics.ts";
import type { Origin } from "./connection.ts";
import { ConnectionDuplex } from "./duplex.ts";
import { PeekedConnection } from "./peeked.ts";
import { type EvictReason, PendingConnections } from "./pending_connections.ts";
import { ReadBuffer } from "./read_buffer.ts";

const FAILED = counter(
  "bobchat_tls_failures_total",
  "Connections that began a TLS handshake and did not complete it.",
);

/** Options of a TLS server. */
export interface TlsOptions {
  /** The certificate and key for handshakes. */
  readonly context: SecureContext;
  /** Takes over a connection whose handshake is done. */
  readonly serve: (connection: PeekedConnection) => void;
  readonly metrics: Metrics;
}

/** Limits of handshakes under way: in all, of one network, and the time that one may take. */
const PENDING = { most: 1000, mostPerNetwork: 100, deadlineMs: 10_000 };
const WHY: Readonly<Record<EvictReason, string>> = {
  late: "no handshake in time",
  crowded: "others came, and it had waited longest",
  stopping: "the server stops",
};

/** Takes connections through their handshakes. */
export class TlsServer {
  readonly #options: TlsOptions;
  readonly #pending = new PendingConnections(PENDING);
  #context: SecureContext;

  constructor(options: TlsOptions) {
    this.#options = options;
    this.#context = options.context;
  }

  /** Uses another certificate for new connections. */
  use(context: SecureContext): void {
    this.#context = context;
  }

  /** Ends the handshakes under way. */
  close(): void {
    this.#pending.clear();
  }

  /** Takes a connection through its handshake. It keeps nothing once that is done. */
  serve(connection: PeekedConnection): void {
    const { metrics, serve } = this.#options;
    const { address, remote } = connection;
    const below = new ConnectionDuplex(connection);
    const socket = new TLSSocket(below, { isServer: true, secureContext: this.#context });
    const settle = () => {
      leave();
      socket.off("error", failed);
      socket.off("close", closed);
      socket.off("end", closed);
      below.off("close", closed);
    };
    const refuse = (why: string) => {
      settle();
      metrics.add(FAILED);
      log.info("no TLS with {remote}: {why}", { remote, why });
      socket.on("error", unheard);
      socket.destroy();
      below.destroy();
    };
    const failed = (error: Error) => refuse(error.message);
    const closed = () => refuse("it closed before its handshake");
    const leave = this.#pending.enter(address, (why: EvictReason) => refuse(WHY[why]));
    below.on("error", unheard);
    below.once("close", closed);
    socket.once("error", failed);
    socket.once("close", closed);
    socket.once("end", closed);
    socket.once("secure", () => {
      settle();
      serve(new SecureConnection({ socket, duplex: below, below: connection }));
    });
  }
}

/** What a secure connection is made of. */
interface Layers {
  readonly socket: TLSSocket;
  /** What the socket writes to. */
  readonly duplex: ConnectionDuplex;
  readonly below: PeekedConnection;
}

/** A connection that nobody on the way can read. */
class SecureConnection extends PeekedConnection {
  readonly #socket: TLSSocket;
  readonly #below: PeekedConnection;
  readonly #duplex: ConnectionDuplex;
  readonly #arrived: ReadBuffer;
  /** Writes that the system has not taken, and whether they are the last ones. */
  #writing = 0;
  #isEnding = false;

  constructor({ socket, duplex, below }: Layers) {
    const { remote, address }: Origin = below;
    super({ remote, address, isPrivate: true, isSecure: true });
    this.#socket = socket;
    this.#duplex = duplex;
    this.#below = below;
    const arrived = this.#arrived = new ReadBuffer(socket);
    socket.on("data", (chunk: Buffer) => arrived.push(chunk));
    socket.on("end", () => arrived.end(null));
    socket.on("error", (error: Error) => arrived.end(asPeerFault(error)));
    socket.on("close", () => {
      arrived.end(new Deno.errors.Interrupted("closed"));
      this.#below.close();
    });
  }

  protected receive(buffer: Uint8Array): Promise<number | null> {
    return this.#arrived.read(buffer);
  }

  write(chunk: Uint8Array): Promise<number> {
    this.#writing++;
    return new Promise((resolve, reject) => {
      const settle = (error?: Error | null) => {
        if (error) reject(asPeerFault(error));
        else resolve(chunk.length);
        this.#writing--;
        if (this.#isEnding) this.endWrites();
      };
      this.#socket.write(chunk, (error) => error ? settle(error) : this.#duplex.flushed(settle));
    });
  }

  endWrites(): void {
    // What is being sent would be lost: the socket closes once it has ended.
    this.#isEnding = true;
    if (this.#writing === 0) this.#socket.end();
  }

  endReads(): void {
    // Its peer has ended: once this side has too, the socket closes by itself.
  }

  close(isEvicted = false): void {
    this.#below.close(isEvicted);
    this.#socket.destroy();
  }

  closed(): Promise<void> {
    return this.#below.closed();
  }
}

/** Errors need no handling here: a close follows, or the secure socket reports the same error. */
function unheard(): void {}

/** Turns Node's error for a peer that is gone into Deno's. */
function asPeerFault(error: Error): Error {
  const isReset = error instanceof Deno.errors.ConnectionReset ||
    "code" in error && error.code === "ECONNRESET";
  const Fault = isReset ? Deno.errors.ConnectionReset : Deno.errors.ConnectionAborted;
  return new Fault(error.message, { cause: error });
}
