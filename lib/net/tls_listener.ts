// A TLS listener: its certificate can be changed while it is open, and whoever speaks no TLS is told so. What
// is done on a secure socket is its user's: lines, or HTTP.

import type { Socket } from "node:net";
import type { SecureContext, TLSSocket } from "node:tls";
import { log } from "../log.ts";
import type { Metrics } from "../metrics.ts";
import { formatAddress, plainAddress } from "../chat/address.ts";
import { shakeHands } from "./handshake.ts";
import { PendingConnections } from "./pending_connections.ts";

/** Whose connection a socket is. */
export interface Remote {
  /** `ADDRESS:PORT`, for the log. */
  readonly remote: string;
  readonly address: string;
  /** What a secure socket is on top of. */
  readonly tcp: Socket;
}

/** What a TLS listener is given. */
export interface TlsOptions {
  /** What handshakes are done with: its certificate and key. */
  readonly context: SecureContext;
  /** Takes over a socket whose handshake is done. */
  readonly serve: (socket: TLSSocket, remote: Remote) => void;
  /** What is sent to a peer that speaks no TLS. */
  readonly hint: string;
  readonly metrics: Metrics;
}

/** Handshakes at once, of which a crowd on one network has a tenth, and how long one may take. */
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

  /** Uses another certificate for connections from now on. */
  use(context: SecureContext): void {
    this.#context = context;
  }

  /** Ends the handshakes under way. */
  close(): void {
    this.#waiting.clear();
  }

  /** Sees a socket through its handshake. */
  take(socket: Socket): void {
    const { hint, metrics, serve } = this.#options;
    const address = plainAddress(socket.remoteAddress ?? "");
    const remote = formatAddress(address, socket.remotePort ?? 0);
    const leave = this.#waiting.enter(address, (why) => giveUp(why));
    // Whoever speaks no TLS has its place until it has been told so, and has ended.
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
