// All open connections, each with an outbox and a reader: watches their deadlines, and sees them end when the
// server stops.

import type { Speaks } from "../chat/event.ts";
import type { SlowReader } from "../chat/status.ts";
import { delay } from "../std/typed.ts";
import { Backpressure } from "./backpressure.ts";
import type { Connection } from "./connection.ts";
import { Outbox, type OutboxOptions } from "./outbox.ts";
import { Rates } from "./rates.ts";
import { type Peer, Reader, type ReaderOptions, RECEIVED } from "./reader.ts";

/** What each connection may do. */
export type OpenLimits = OutboxOptions["limits"] & ReaderOptions["limits"] & {
  /** Milliseconds that a connection may send nothing; 0: no limit. */
  readonly idleTimeout: number;
};

/** Options of open connections. */
export interface OpenConnectionsOptions
  extends Omit<OutboxOptions & ReaderOptions, "backpressure" | "rates"> {
  readonly limits: OpenLimits;
}

/** An open connection: admitted, or being turned away. */
export interface OpenConnection {
  readonly connection: Connection;
  readonly outbox: Outbox;
  readonly reader: Reader;
  readonly speaks: Speaks;
  /** Whether it counts towards the limits. */
  hasPlace: boolean;
  /** When it was opened, in milliseconds. */
  readonly since: number;
}

/** What connections may speak. */
export const SPEAKS = ["lines", "json", "classic"] as const satisfies readonly Speaks[];

/** Milliseconds between two checks of the deadlines, unless a shorter limit needs a shorter time. */
const TICK = 250;
/** Milliseconds without input until all that had arrived counts as read; and how long to wait at most. */
const QUIET = 30, QUIET_AT_MOST = 5000;
/** Bytes from which on a reader counts as slow, though it takes something. */
const SLOW = 16 * 1024;

/** The open connections. */
export class OpenConnections {
  readonly #options: OpenConnectionsOptions & Pick<ReaderOptions, "backpressure" | "rates">;
  readonly #all = new Set<OpenConnection>();
  readonly #timer: ReturnType<typeof setInterval>;
  #allGone: (() => void) | undefined;

  constructor(options: OpenConnectionsOptions) {
    this.#options = { ...options, backpressure: new Backpressure(), rates: new Rates() };
    const { limits: { writeTimeout, idleTimeout }, metrics } = options;
    const shortest = Math.min(...[TICK, writeTimeout / 4, idleTimeout / 4].filter((ms) => ms > 0));
    this.#timer = setInterval(() => this.#tick(shortest), shortest);
    const open = "Connections that are open, those that are asked for the password included.";
    metrics.gauge("bobchat_open_connections", open, () =>
      SPEAKS.map((protocol) => {
        const value = this.#admitted().filter(({ speaks }) => speaks === protocol).length;
        return { labels: { protocol }, value };
      }));
    const pending = "Bytes that wait to be sent, of all connections.";
    metrics.gauge(
      "bobchat_pending_bytes",
      pending,
      () => Iterator.from(this.#all).reduce((sum, { outbox }) => sum + outbox.pending, 0),
    );
  }

  /** How many there are. */
  get size(): number {
    return this.#all.size;
  }

  /** Adds one, which has no place yet. */
  add(peer: Omit<Peer, "outbox">): OpenConnection {
    const { connection, protocol: { encoder, speaks } } = peer;
    const outbox = new Outbox(connection, encoder, this.#options);
    const reader = new Reader({ ...peer, outbox }, this.#options);
    const since = performance.now();
    const open = { connection, outbox, reader, speaks, hasPlace: false, since };
    this.#all.add(open);
    return open;
  }

  /** Removes one that is closed. */
  delete(open: OpenConnection): void {
    this.#all.delete(open);
    if (this.#all.size === 0) this.#allGone?.();
  }

  /** Resolves once the readers have passed on what had arrived: true; or false if input kept coming. */
  async quiet(): Promise<boolean> {
    const { metrics } = this.#options;
    const end = performance.now() + QUIET_AT_MOST;
    // Twice: after a long turn of the event loop the timer may fire before what has arrived is read.
    for (let calm = 0; calm < 2;) {
      if (performance.now() > end) return false;
      const before = metrics.count(RECEIVED);
      await delay(QUIET);
      const isBusy = [...this.#all].some(({ reader }) => reader.isBusy);
      calm = isBusy || before !== metrics.count(RECEIVED) ? 0 : calm + 1;
    }
    return true;
  }

  /** The readers for whom the most waits, worst first; those who keep up are left out. */
  slowest(most: number): SlowReader[] {
    return this.#admitted()
      .filter(({ outbox: { pending, quiet } }) => quiet > 0 || pending >= SLOW)
      .map(({ connection: { remote }, outbox: { name, pending, quiet } }) => ({
        ...{ name, remote, pending, quiet },
      })).sort((a, b) => b.pending - a.pending).slice(0, most);
  }

  /** Waits for all to end; closes those that have not after `patience` milliseconds. */
  async close(patience: number): Promise<void> {
    const late = setTimeout(() => {
      for (const { connection } of this.#all) connection.close();
    }, patience);
    if (this.#all.size > 0) await new Promise<void>((resolve) => this.#allGone = resolve);
    clearTimeout(late);
    clearInterval(this.#timer);
  }

  /** Those that were not turned away. */
  #admitted(): OpenConnection[] {
    return [...this.#all].filter(({ hasPlace }) => hasPlace);
  }

  #tick(elapsed: number): void {
    const { limits } = this.#options;
    for (const { outbox, reader } of this.#all) {
      outbox.tick(elapsed);
      if (limits.idleTimeout === 0 || outbox.why !== undefined) continue;
      reader.silent += elapsed;
      if (reader.silent < limits.idleTimeout) continue;
      outbox.evict("idle", `silent for ${limits.idleTimeout / 1000} s`);
    }
  }
}
