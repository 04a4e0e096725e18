// The TCP listener: listens, accepts, goes on when accepting fails, and hands connections over.

import { log } from "../log.ts";
import { counter, type Metrics } from "../metrics.ts";
import { delay } from "../std/typed.ts";
import { formatAddress, isLoopback, plainAddress } from "../chat/address.ts";
import { PeekedConnection } from "./peeked.ts";
import { Shortage } from "./shortage.ts";

const ACCEPT_ERRORS = counter(
  "bobchat_accept_errors_total",
  "Connections that could not be accepted, those for lack of file handles included.",
);
/** Those of which the system keeps something. */
export const NOT_GONE = counter(
  "bobchat_evicted_not_gone_total",
  "Slow readers that were closed while the system still kept something for them.",
);

/** Options of `accept`. */
export interface AcceptOptions {
  /** Takes over a connection; not awaited, and must not reject for a peer's fault. */
  readonly serve: (connection: PeekedConnection) => Promise<void> | void;
  /** Once aborted, the listener closes and accepting ends. */
  readonly stop: AbortSignal;
  readonly metrics: Metrics;
}

/** Milliseconds until accepting is tried again after the system refused: mostly out of files (EMFILE). */
const BACK_OFF = 50;
/** Connections that are accepted before others are read again. */
const AT_ONCE = 64;

/** Accepts until stopped. (`for await` over a listener would end at its first error.) */
export async function accept(listener: Deno.TcpListener, options: AcceptOptions): Promise<void> {
  const { serve, stop, metrics } = options;
  if (stop.aborted) listener.close();
  else stop.addEventListener("abort", () => listener.close(), { once: true });
  const shortage = new Shortage();
  for (let count = 1; !stop.aborted; count++) {
    // While newcomers wait in line, Deno does not look for what others have sent until it is idle for a moment.
    if (count % AT_ONCE === 0) await delay(0);
    try {
      const conn = await listener.accept();
      // Not awaited: it lasts as long as the connection. It rejects only on a bug, which then crashes.
      void serve(new TcpConnection(conn, metrics));
    } catch (error) {
      if (stop.aborted) break;
      metrics.add(ACCEPT_ERRORS);
      // This peer reset its connection before it was accepted; the next one may be fine.
      if (isPeerReset(error)) continue;
      shortage.failed(error);
      await delay(BACK_OFF);
    }
  }
  shortage.close();
}

function isPeerReset(error: unknown): boolean {
  return error instanceof Deno.errors.NotConnected ||
    error instanceof Deno.errors.ConnectionReset ||
    error instanceof Deno.errors.ConnectionAborted;
}

/** A TCP peer. */
class TcpConnection extends PeekedConnection {
  readonly #conn: Deno.TcpConn;
  readonly #metrics: Metrics;
  #isClosed = false;
  #onClosed: (() => void) | undefined;
  #readsEnded = false;
  #writesEnded = false;

  constructor(conn: Deno.TcpConn, metrics: Metrics) {
    const { hostname, port } = conn.remoteAddr;
    const address = plainAddress(hostname), remote = formatAddress(address, port);
    super({ address, remote, isPrivate: isLoopback(address), isSecure: false });
    this.#conn = conn;
    this.#metrics = metrics;
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

  protected receive(buffer: Uint8Array): Promise<number | null> {
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

  close(isEvicted = false): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    if (isEvicted) {
      // Deno's sockets cannot be reset.
      this.#metrics.add(NOT_GONE);
      log.info("evicted, not gone: the system keeps up to 4 MB for {remote} until it is taken", {
        remote: this.remote,
      });
    }
    this.#conn.close();
    this.#onClosed?.();
  }

  async closed(): Promise<void> {
    if (!this.#isClosed) await new Promise<void>((resolve) => this.#onClosed = resolve);
  }
}
