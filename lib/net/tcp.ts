// The TCP listener: listens, accepts, goes on when accepting fails, and hands connections over.

import { log } from "../log.ts";
import type { Metrics } from "../metrics.ts";
import { delay } from "../std/typed.ts";
import { formatAddress, isLoopback, plainAddress } from "../chat/address.ts";
import type { Connection } from "./connection.ts";

/** Options of `accept`. */
export interface AcceptOptions {
  /** Takes over a connection; not awaited, and must not reject for a peer's fault. */
  readonly serve: (connection: Connection) => Promise<void>;
  /** Once aborted, the listener closes and accepting ends. */
  readonly stop: AbortSignal;
  readonly metrics: Metrics;
}

/** Milliseconds until accepting is tried again after the system refused: mostly out of files (EMFILE). */
const BACK_OFF = 50;

/** Accepts until stopped. (`for await` over a listener would end at its first error.) */
export async function accept(listener: Deno.TcpListener, options: AcceptOptions): Promise<void> {
  const { serve, stop, metrics } = options;
  if (stop.aborted) listener.close();
  else stop.addEventListener("abort", () => listener.close(), { once: true });
  let starved = false;
  while (!stop.aborted) {
    try {
      const conn = await listener.accept();
      if (starved) log.warn("accepting newcomers again");
      starved = false;
      // Not awaited: it lasts as long as the connection. It rejects only on a bug, which then crashes.
      void serve(new TcpConnection(conn));
    } catch (error) {
      if (stop.aborted) return;
      metrics.acceptErrors++;
      // This peer reset its connection before it was accepted; the next one may be fine.
      if (isPeerReset(error)) continue;
      // As text: to format an error Deno opens files, and crashes if none is left.
      if (!starved) log.warn("newcomers wait: {error}", { error: String(error) });
      starved = true;
      await delay(BACK_OFF);
    }
  }
}

function isPeerReset(error: unknown): boolean {
  return error instanceof Deno.errors.NotConnected ||
    error instanceof Deno.errors.ConnectionReset ||
    error instanceof Deno.errors.ConnectionAborted;
}

/** A TCP peer. */
class TcpConnection implements Connection {
  readonly remote: string;
  readonly address: string;
  readonly isPrivate: boolean;
  readonly isSecure = false;
  readonly #conn: Deno.TcpConn;
  #isClosed = false;
  #onClosed: (() => void) | undefined;
  #readsEnded = false;
  #writesEnded = false;

  constructor(conn: Deno.TcpConn) {
    this.#conn = conn;
    const { hostname, port } = conn.remoteAddr;
    this.address = plainAddress(hostname);
    this.remote = formatAddress(this.address, port);
    this.isPrivate = isLoopback(this.address);
    try {
      // Without it an answer waits for a delayed ACK: the p99 under load was 45 ms instead of 7.
      conn.setNoDelay(true);
      conn.setKeepAlive(true);
    } catch (error) {
      // It was reset already: its first read says so too, and that is where it is handled.
      log.debug("socket options of {remote}: {error}", {
        remote: this.remote,
        error: String(error),
      });
    }
  }

  read(buffer: Uint8Array): Promise<number | null> {
    return this.#conn.read(buffer);
  }

  write(chunk: Uint8Array): Promise<number> {
    return this.#conn.write(chunk);
  }

  endWrites(): void {
    this.#writesEnded = true;
    if (this.#isClosed) return;
    if (this.#readsEnded) return this.close();
    // A peer that is gone cannot be told; its reads fail and close the connection.
    this.#conn.closeWrite().catch((error) =>
      log.debug("closeWrite: {error}", { error: String(error) })
    );
  }

  endReads(): void {
    this.#readsEnded = true;
    if (this.#writesEnded) this.close();
  }

  close(): void {
    // The system keeps what was sent until the peer takes it, even if the peer was evicted: Deno's sockets
    // cannot be reset.
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#conn.close();
    this.#onClosed?.();
  }

  async closed(): Promise<void> {
    if (!this.#isClosed) await new Promise<void>((resolve) => this.#onClosed = resolve);
  }
}
