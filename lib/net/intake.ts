// The intake: takes connections whose protocol is known, gives each a number, an outbox and a reader, watches
// their deadlines, and sees each to its end.

import type { Connections } from "../chat/connections.ts";
import type { Event, Leave, Speaks } from "../chat/event.ts";
import type { ConnectionId } from "../chat/message.ts";
import type { Queue } from "../chat/queue.ts";
import type { SlowReader } from "../chat/status.ts";
import { log } from "../log.ts";
import { counters, type Metrics } from "../metrics.ts";
import { delay } from "../std/typed.ts";
import type { Protocol } from "../wire/protocol.ts";
import { createAsked, NOT_IN } from "./asked.ts";
import { Backpressure } from "./backpressure.ts";
import { Browsers } from "./browsers.ts";
import type { Connection } from "./connection.ts";
import { CLOSES, Outbox } from "./outbox.ts";
import { type Peer, Reader, RECEIVED } from "./reader.ts";
import type { EvictReason, PendingConnections } from "./pending_connections.ts";
import { type PlaceLimits, Places } from "./places.ts";

/** What connections may speak. */
const SPEAKS: readonly Speaks[] = ["lines", "json", "classic"];
/** Connections that were taken, by what they speak. */
export const CONNECTIONS = counters({
  name: "bobchat_connections_total",
  help: "Connections that were taken; json is what the page and bots speak.",
  label: "protocol",
  values: SPEAKS,
});

/** What each connection may do; 0 means no limit where it says "0: any". */
export interface Limits extends PlaceLimits {
  /** Most bytes that may wait for a slow reader. */
  readonly maxPending: number;
  /** Milliseconds that a write may make no progress; 0: any. */
  readonly writeTimeout: number;
  /** Milliseconds that a connection may send nothing; 0: any. */
  readonly idleTimeout: number;
  /** Messages a second; 0: any. */
  readonly rate: number;
  /** Messages that may come at once before the rate applies. */
  readonly burst: number;
}

/** Options of the intake. */
export interface IntakeOptions {
  readonly queue: Pick<Queue<Event>, "push">;
  /** Where the writer finds what belongs to a connection. */
  readonly connections: Connections;
  readonly limits: Limits;
  readonly metrics: Metrics;
  /** Once aborted, what has arrived is read without waiting for the rate limit. */
  readonly stop: AbortSignal;
  /** The number before that of the first connection; by default 0. */
  readonly lastId?: ConnectionId;
  /** Whether connections must send the server password before they join. */
  readonly asksPassword?: boolean;
}

/** Makes the protocol of a connection, by its number. */
export type MakeProtocol = (id: ConnectionId) => Protocol;

/** An open connection: admitted, or being turned away. */
interface OpenConnection {
  readonly connection: Connection;
  readonly outbox: Outbox;
  readonly reader: Reader;
  readonly speaks: Speaks;
  /** Whether it counts towards the limits. */
  hasPlace: boolean;
  /** When it was opened, in milliseconds. */
  readonly since: number;
}

/** Milliseconds between two checks of the deadlines, unless a shorter limit needs a shorter time. */
const TICK = 250;
/** Most connections that are told at once why they are turned away; any more are closed without a word. */
const MOST_TURNED_AWAY = 100;
/** Milliseconds without input until all that had arrived counts as read; and how long to wait at most. */
const QUIET = 30, QUIET_AT_MOST = 5000;

/** Bytes from which on a reader counts as slow, though it takes something. */
const SLOW = 16 * 1024;

/** Why a connection ended, if its peer did not end it cleanly. */
const LOST = "connection lost";

/** All open connections. */
export class Intake {
  /** Where browsers are: their spare connections are announced later. */
  readonly browsers = new Browsers(() => performance.now());
  readonly #options: IntakeOptions & { readonly backpressure: Backpressure };
  readonly #connections = new Set<OpenConnection>();
  readonly #places: Places;
  /** The connections that are asked for the password. */
  readonly #asked: PendingConnections;
  readonly #timer: ReturnType<typeof setInterval>;
  #lastId: ConnectionId;
  #allGone: (() => void) | undefined;

  constructor(options: IntakeOptions) {
    this.#options = { ...options, backpressure: new Backpressure() };
    const { limits, metrics, lastId = 0 } = options;
    this.#lastId = lastId;
    const { writeTimeout, idleTimeout, maxClients } = limits;
    this.#asked = createAsked(maxClients);
    const makeRoom = (address: string) => this.#asked.makeRoom(address);
    this.#places = new Places({ limits, metrics, makeRoom });
    const shortest = Math.min(...[TICK, writeTimeout / 4, idleTimeout / 4].filter((ms) => ms > 0));
    this.#timer = setInterval(() => this.#tick(shortest), shortest);
    const open = "Connections that are open, those that are asked for the password included.";
    metrics.gauge("bobchat_open_connections", open, () =>
      SPEAKS.map((protocol) => {
        const value = this.#admitted().filter(({ speaks }) => speaks === protocol).length;
        return { labels: { protocol }, value };
      }));
    metrics.gauge(
      "bobchat_pending_bytes",
      "Bytes that wait to be sent, of all connections.",
      () => Iterator.from(this.#connections).reduce((sum, { outbox }) => sum + outbox.pending, 0),
    );
  }

  /**
   * Takes a connection and sees it to its end. Rejects only on a bug, never for a peer's fault.
   * (Not async: one frame less saves 0.5 KiB a connection.)
   */
  serve(connection: Connection, makeProtocol: MakeProtocol): Promise<void> {
    const { address, isPrivate } = connection;
    const refusal = this.#places.refusal(address);
    if (refusal !== undefined) {
      return this.#turnAway({ id: 0, connection, protocol: makeProtocol(0) }, refusal);
    }
    const id = ++this.#lastId;
    log.info("connection {id} from {remote}", { id, remote: connection.remote });
    const protocol = makeProtocol(id);
    this.#options.metrics.add(CONNECTIONS[protocol.speaks]);
    const open = this.#open({ id, connection, protocol });
    open.hasPlace = true;
    this.#places.take(address);
    if (this.#options.asksPassword) this.#ask(open);
    const { speaks, encoder, token } = protocol;
    const { outbox, reader } = open;
    const { connections, queue } = this.#options;
    connections.add(id, { encoder, outbox, token });
    const announceIn = this.browsers.announceIn(speaks, address);
    const isAsked = this.#options.asksPassword === true;
    const full = queue.push({
      ...{ kind: "join", id, speaks, address, isPrivate, isAsked, maxLine: protocol.maxLine },
      announceIn,
    });
    connection.onMoved?.((before) => this.#move(id, open, before));
    const ended = full === undefined ? reader.run() : full.then(() => reader.run());
    return ended.then((endedCleanly) => this.#leave(id, open, endedCleanly));
  }

  /** Queues the event that a connection continues from another address. */
  #move(id: ConnectionId, { connection, hasPlace }: OpenConnection, before: string): void {
    const { address, remote } = connection;
    log.info("connection {id} continues from {remote}", { id, remote });
    if (hasPlace) {
      this.#places.leave(before);
      this.#places.take(address);
    }
    void this.#options.queue.push({ kind: "moved", id, address });
  }

  /** Queues the event that a connection has ended, and logs its end once it is closed. */
  async #leave(id: ConnectionId, open: OpenConnection, endedCleanly: boolean): Promise<void> {
    const { connection, outbox, reader, since } = open;
    const ending = endOf(endedCleanly, outbox);
    if (!outbox.isCounted) this.#options.metrics.add(CLOSES[ending.reason]);
    const { why, said } = ending;
    await this.#options.queue.push({ kind: "leave", id, why, said });
    await connection.closed();
    this.#leavePlace(open);
    log.info(
      "disconnect {name} from {remote}: {why}, {seconds} s, {received} bytes in, {sent} out",
      {
        name: outbox.name || `connection ${id}`,
        remote: connection.remote,
        why: outbox.why ?? why,
        seconds: Math.round((performance.now() - since) / 1000),
        received: reader.received,
        sent: outbox.sent,
      },
    );
    this.#forget(open);
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
      const isBusy = [...this.#connections].some(({ reader }) => reader.isBusy);
      calm = isBusy || before !== metrics.count(RECEIVED) ? 0 : calm + 1;
    }
    return true;
  }

  /** How many connections are open, but for those that are turned away. */
  get size(): number {
    return this.#places.taken;
  }

  /** The readers for whom the most waits, worst first; those who keep up are left out. */
  slowest(most: number): SlowReader[] {
    return this.#admitted()
      .filter(({ outbox: { pending, quiet } }) => quiet > 0 || pending >= SLOW)
      .map(({ connection: { remote }, outbox: { name, pending, quiet } }) => ({
        ...{ name, remote, pending, quiet },
      })).sort((a, b) => b.pending - a.pending).slice(0, most);
  }

  /** Waits for the connections to end; closes those that have not after `patience` milliseconds. */
  async close(patience: number): Promise<void> {
    const late = setTimeout(() => {
      for (const { connection } of this.#connections) connection.close();
    }, patience);
    if (this.#connections.size > 0) await new Promise<void>((resolve) => this.#allGone = resolve);
    clearTimeout(late);
    clearInterval(this.#timer);
  }

  /** Has a connection wait for the password, until it has joined or is gone. */
  #ask(open: OpenConnection): void {
    const { connection, outbox } = open;
    outbox.onNamed = this.#asked.enter(connection.address, (why: EvictReason) => {
      if (outbox.why !== undefined) return;
      outbox.evict("password", NOT_IN[why]);
      // Its place goes to another at once; it is closed in a moment, so no list of these grows.
      this.#leavePlace(open);
      if (this.#connections.size - this.#places.taken > MOST_TURNED_AWAY) connection.close(true);
    });
  }

  /** Tells a connection why it is refused, if it can; then reads its input unheard until it ends. */
  async #turnAway(peer: Omit<Peer, "outbox">, refusal: string): Promise<void> {
    const { connection } = peer;
    log.info("refuse {remote}: {refusal}", { remote: connection.remote, refusal });
    if (this.#connections.size - this.#places.taken >= MOST_TURNED_AWAY) return connection.close();
    const open = this.#open(peer);
    open.outbox.evict(undefined, "refused", refusal);
    await open.reader.run();
    await connection.closed();
    this.#forget(open);
  }

  /** Those that were not turned away. */
  #admitted(): OpenConnection[] {
    return [...this.#connections].filter(({ hasPlace }) => hasPlace);
  }

  #open(peer: Omit<Peer, "outbox">): OpenConnection {
    const { connection, protocol: { encoder, speaks } } = peer;
    const outbox = new Outbox(connection, encoder, this.#options);
    const reader = new Reader({ ...peer, outbox }, this.#options);
    const since = performance.now();
    const open = { connection, outbox, reader, speaks, hasPlace: false, since };
    this.#connections.add(open);
    return open;
  }

  #forget(open: OpenConnection): void {
    this.#connections.delete(open);
    if (this.#connections.size === 0) this.#allGone?.();
  }

  #leavePlace(open: OpenConnection): void {
    if (!open.hasPlace) return;
    open.hasPlace = false;
    this.#places.leave(open.connection.address);
  }

  #tick(elapsed: number): void {
    const { limits } = this.#options;
    for (const { outbox, reader } of this.#connections) {
      outbox.tick(elapsed);
      if (limits.idleTimeout === 0 || outbox.why !== undefined) continue;
      reader.silent += elapsed;
      if (reader.silent < limits.idleTimeout) continue;
      outbox.evict("idle", `silent for ${limits.idleTimeout / 1000} s`);
    }
  }
}

/** How a connection ended. */
interface Ending extends Pick<Leave, "why" | "said"> {
  readonly reason: keyof typeof CLOSES;
}

/** How a connection ended: `why` is for the log, `said` for the other members (undefined: it just left). */
function endOf(endedCleanly: boolean, { why, wasReset }: Outbox): Ending {
  // A peer whose connection was ended from here may end it as cleanly: the others are told why all the same.
  if (why !== undefined) return { why, said: why, reason: "ended" };
  // Otherwise its peer ended it, was reset, or timed out.
  return endedCleanly && !wasReset
    ? { why: "left", reason: "left" }
    : { why: LOST, said: LOST, reason: "lost" };
}
