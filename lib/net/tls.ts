// A TLS door: its certificate can be changed while it is open, and whoever speaks no TLS is told so. What
// is done on a secure socket is its user's: lines, or HTTP.

import type { Socket } from "node:net";
import type { SecureContext, TLSSocket } from "node:tls";
import { log } from "../log.ts";
import type { Metrics } from "../metrics.ts";
import { formatAddress, plainAddress } from "./address.ts";
import { shakeHands } from "./handshake.ts";

/** Whose connection a socket is. */
export interface Remote {
  /** `ADDRESS:PORT`, for the log. */
  readonly remote: string;
  readonly address: string;
}

/** What a TLS door is given. */
export interface TlsOptions {
  /** What handshakes are done with: its certificate and key. */
  readonly context: SecureContext;
  /** Takes over a socket whose handshake is done. */
  readonly serve: (socket: TLSSocket, remote: Remote) => void;
  /** What is sent to a peer that speaks no TLS. */
  readonly hint: string;
  readonly metrics: Metrics;
}

/** Handshakes at once; who comes on top is closed. */
const MOST_HANDSHAKES = 1000;

/** A TLS door. */
export class TlsDoor {
  readonly #options: TlsOptions;
  readonly #greeting = new Set<Socket>();
  #context: SecureContext;

  constructor(options: TlsOptions) {
    this.#options = options;
    this.#context = options.context;
  }

  /** Uses another certificate for connections from now on. */
  use(context: SecureContext): void {
    this.#context = context;
  }

  /** Ends the handshakes under way. */
  close(): void {
    for (const socket of this.#greeting) socket.destroy();
  }

  /** Sees a socket through its handshake. */
  take(socket: Socket): void {
    if (this.#greeting.size >= MOST_HANDSHAKES) return void socket.destroy();
    const { hint, metrics, serve } = this.#options;
    const address = plainAddress(socket.remoteAddress ?? "");
    const remote = formatAddress(address, socket.remotePort ?? 0);
    this.#greeting.add(socket);
    shakeHands(socket, {
      context: this.#context,
      hint,
      done: (outcome) => {
        this.#greeting.delete(socket);
        if (typeof outcome !== "string") return serve(outcome, { address, remote });
        metrics.failedHandshakes++;
        log.info("no TLS with {remote}: {why}", { remote, why: outcome });
      },
    });
  }
}
