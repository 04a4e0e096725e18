// The intake: takes connections whose protocol is known, gives each a number, an outbox and a reader, watches
// their deadlines, and sees each to its end.

import type { Connections } from "../chat/connections.ts";
import type { Event, Leave, Speaks } from "../chat/event.ts";
import type { ConnectionId } from "../chat/message.ts";
import type { Queue } from "../chat/queue.ts";
import { log } from "../log.ts";
import type { Metrics } from "../metrics.ts";
import { delay } from "../std/typed.ts";
import type { Protocol } from "../wire/protocol.ts";
import { createAsked, NOT_IN } from "./asked.ts";
import { Backpressure } from "./backpressure.ts";
import type { Connection } from "./connection.ts";
import { Outbox } from "./outbox.ts";
import { type Peer, Reader } from "./reader.ts";
import type { EvictReason, PendingConnections } from "./pending_connections.ts";
import { type PlaceLimits, Places } from "./places.ts";

/** What each connection may do; 0 means no limit where it says so. */
export interface Limits extends PlaceLimits {
  /** Most bytes that may wait for a slow reader. */
  readonly maxPending: number;
  /** Milliseconds that a write may make no progress; 0: no limit. */
  readonly writeTimeout: number;
  /** Milliseconds that a connection may send nothing; 0: no limit. */
  readonly idleTimeout: number;
  /** Messages a second; 0: no limit. */
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

/** How a connection is taken. */
export interface Taking {
  /** Makes its protocol, by its number. */
  readonly makeProtocol: (id: ConnectionId) => Protocol;
  /** Milliseconds until the others are told of it, if it says nothing; by default as for all of its protocol. */
  readonly announceIn?: number;
}

/** An open connection: admitted, or being turned away. */
interface OpenConnection {
  readonly connection: Connection;
  readonly outbox: Outbox;
  readonly reader: Reader;
  /** Whether it counts towards the limits. */
  hasPlace: boolean;
  /** When it was opened, in milliseconds. */
  readonly since: number;
}

/** Milliseconds until the others are told of who says nothing. v0.1 tells of everyone at once. */
const ANNOUNCE_IN: Readonly<Record<Speaks, number>> = { lines: 5000, json: 5000, classic: 0 };
/** Milliseconds between two checks of the deadlines, unless a shorter limit needs a shorter time. */
const TICK = 250;
/** Most connections that are told at once why they are turned away; any more are closed without a word. */
const MOST_TURNED_AWAY = 100;
/** Milliseconds without input until all that had arrived counts as read; and how long to wait at most. */
const QUIET = 30, QUIET_AT_MOST = 5000;

/** Why a connection ended, if its peer did not end it cleanly. */
const LOST = "connection lost";

/** All open connections. */
export class Intake {
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
  }

  /**
   * Takes a connection and sees it to its end. Rejects only on a bug, never for a peer's fault.
   * (Not async: one frame less saves 0.5 KiB a connection.)
   */
  serve(connection: Connection, { makeProtocol, announceIn }: Taking): Promise<void> {
    const { address, isPrivate } = connection;
    const refusal = this.#places.refusal(address);
    if (refusal !== undefined) {
      return this.#turnAway({ id: 0, connection, protocol: makeProtocol(0) }, refusal);
    }
    const id = ++this.#lastId;
    this.#options.metrics.connections++;
    log.info("connection {id} from {remote}", { id, remote: connection.remote });
    const protocol = makeProtocol(id);
    const open = this.#open({ id, connection, protocol });
    open.hasPlace = true;
    this.#places.take(address);
    if (this.#options.asksPassword) this.#ask(open);
    const { speaks, encoder, token } = protocol;
    const { outbox, reader } = open;
    const { connections, queue } = this.#options;
    connections.add(id, { encoder, outbox, token });
    const isAsked = this.#options.asksPassword === true;
    const full = queue.push({
      ...{ kind: "join", id, speaks, address, isPrivate, isAsked, maxLine: protocol.maxLine },
      announceIn: announceIn ?? ANNOUNCE_IN[speaks],
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
    await this.#options.queue.push({ kind: "leave", id, ...ending });
    await connection.closed();
    this.#leavePlace(open);
    log.info(
      "disconnect {name} from {remote}: {why}, {seconds} s, {received} bytes in, {sent} out",
      {
        name: outbox.name || `connection ${id}`,
        remote: connection.remote,
        why: outbox.why ?? ending.why,
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
      const before = metrics.bytesIn;
      await delay(QUIET);
      const isBusy = [...this.#connections].some(({ reader }) => reader.isBusy);
      calm = isBusy || before !== metrics.bytesIn ? 0 : calm + 1;
    }
    return true;
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
      outbox.evict(NOT_IN[why]);
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
    open.outbox.evict("refused", refusal);
    await open.reader.run();
    await connection.closed();
    this.#forget(open);
  }

  #open(peer: Omit<Peer, "outbox">): OpenConnection {
    const { connection, protocol: { encoder } } = peer;
    const outbox = new Outbox(connection, encoder, this.#options);
    const reader = new Reader({ ...peer, outbox }, this.#options);
    const open = { connection, outbox, reader, hasPlace: false, since: performance.now() };
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
    const { limits, metrics } = this.#options;
    for (const { outbox, reader } of this.#connections) {
      outbox.tick(elapsed);
      if (limits.idleTimeout === 0 || outbox.why !== undefined) continue;
      reader.silent += elapsed;
      if (reader.silent < limits.idleTimeout) continue;
      metrics.closedIdle++;
      outbox.evict(`silent for ${limits.idleTimeout / 1000} s`);
    }
  }
}

/** How a connection ended: `why` is for the log, `said` for the other members (undefined: it just left). */
function endOf(endedCleanly: boolean, { why, wasReset }: Outbox): Pick<Leave, "why" | "said"> {
  // A peer whose connection was ended from here may end it as cleanly: the others are told why all the same.
  if (why !== undefined) return { why, said: why };
  // Otherwise its peer ended it, was reset, or timed out.
  return endedCleanly && !wasReset ? { why: "left" } : { why: LOST, said: LOST };
}
