// The TLS listener: its certificate can be changed while it is open, and peers that do not speak TLS are told
// so. What runs on a secure socket, lines or HTTP, is up to its user.

import type { Socket } from "node:net";
import type { SecureContext, TLSSocket } from "node:tls";
import { log } from "../log.ts";
import type { Metrics } from "../metrics.ts";
import { formatAddress, plainAddress } from "../chat/address.ts";
import { shakeHands } from "./handshake.ts";
import { PendingConnections } from "./pending_connections.ts";

/** Where a socket comes from. */
export interface Remote {
  /** `ADDRESS:PORT`, for the log. */
  readonly remote: string;
  readonly address: string;
  /** The socket below the secure one. */
  readonly tcp: Socket;
}

/** Options of a TLS listener. */
export interface TlsOptions {
  /** The certificate and key for handshakes. */
  readonly context: SecureContext;
  /** Takes over a socket whose handshake is done. */
  readonly serve: (socket: TLSSocket, remote: Remote) => void;
  /** Sent to a peer that does not speak TLS. */
  readonly hint: string;
  readonly metrics: Metrics;
}

/** Limits of handshakes under way: in all, of one network, and the time that one may take. */
const WAITING = { most: 1000, mostPerNetwork: 100, deadlineMs: 10_000 };

/** A TLS listener. */
export class TlsListener {
  readonly #options: TlsOptions;
  readonly #waiting = new PendingConnections(WAITING);
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
    this.#waiting.clear();
  }

  /** Takes a socket through its handshake. */
  take(socket: Socket): void {
    const { hint, metrics, serve } = this.#options;
    const address = plainAddress(socket.remoteAddress ?? "");
    const remote = formatAddress(address, socket.remotePort ?? 0);
    const leave = this.#waiting.enter(address, (why) => giveUp(why));
    // A peer that does not speak TLS keeps its place until it has been told so and has ended.
    socket.once("close", leave);
    const giveUp = shakeHands(socket, {
      context: this.#context,
      hint,
      done: (outcome) => {
        if (typeof outcome !== "string") {
          leave();
          socket.off("close", leave);
          return serve(outcome, { address, remote, tcp: socket });
        }
        metrics.failedHandshakes++;
        log.info("no TLS with {remote}: {why}", { remote, why: outcome });
      },
    });
  }
}
