// Where connections from every listener come in: counted, given a number, an outbox and a reader,
// watched by the clock, and let go.

import { networkOf } from "../chat/address.ts";
import type { Event, Leave, MemberId } from "../chat/event.ts";
import type { Queue } from "../chat/queue.ts";
import { log } from "../log.ts";
import type { Metrics } from "../metrics.ts";
import { delay } from "../std/typed.ts";
import type { Protocol } from "../wire/protocol.ts";
import { Backpressure } from "./backpressure.ts";
import type { Connection } from "./connection.ts";
import { Outbox } from "./outbox.ts";
import { type Peer, Reader } from "./reader.ts";
import { type EvictReason, PendingConnections } from "./pending_connections.ts";

/** What each connection may do; 0 is no limit where it says so. */
export interface Limits {
  /** Connections at once. */
  readonly maxClients: number;
  /** Connections at once from one address, or one IPv6 /64; 0: any. */
  readonly maxPerAddress: number;
  /** Bytes that may wait for a slow reader. */
  readonly maxPending: number;
  /** Milliseconds that a write may make no progress; 0: any. */
  readonly writeTimeout: number;
  /** Milliseconds that a connection may be silent; 0: any. */
  readonly idleTimeout: number;
  /** Messages a second; 0: any. */
  readonly rate: number;
  /** Messages that may come at once before the rate counts. */
  readonly burst: number;
}

/** What the intake is given. */
export interface IntakeOptions {
  readonly queue: Queue<Event>;
  readonly limits: Limits;
  readonly metrics: Metrics;
  /** Once aborted, what has arrived is read without waiting for the rate. */
  readonly stop: AbortSignal;
  /** Whether everyone must know a password, and is not in before that. */
  readonly asksPassword?: boolean;
}

/** The protocol of a listener's connections, each for the one with this number. */
export type MakeProtocol = (id: MemberId) => Protocol;

/** An open connection: one that is in, or one that is being turned away. */
interface Session {
  readonly connection: Connection;
  readonly outbox: Outbox;
  readonly reader: Reader;
  /** Whether it has one of the places that there are. */
  hasPlace: boolean;
  /** When it was opened, in milliseconds. */
  readonly since: number;
}

/** Milliseconds between two looks at the deadlines, unless a shorter limit needs a shorter one. */
const TICK = 250;
/** How many may be told at once that they cannot come in; who comes on top is closed without a word. */
const MOST_TURNED_AWAY = 100;
/** Milliseconds that readers must be quiet for all that had arrived to count as read; and at most. */
const QUIET = 30, QUIET_AT_MOST = 5000;

/** The shares of all places that those may have who are asked for the password: all, and one network. */
const ASKED = 1 / 2, ASKED_OF_NETWORK = 1 / 10;
/** The least that this is, if there are so many; and milliseconds until they must know it. */
const ASKED_AT_LEAST = 3, ASKED_FOR = 60_000;
/** Why it ends while it is asked for the password. */
const NOT_IN = {
  late: "no password within a minute",
  crowded: "others came, and you had waited longest for the password",
};

/** What ended a connection that did not end itself. */
const LOST = "connection lost";

/** All open connections. */
export class Intake {
  readonly #options: IntakeOptions & { readonly backpressure: Backpressure };
  readonly #sessions = new Set<Session>();
  readonly #perNetwork = new Map<string, number>();
  /** Those who are asked for the password. */
  readonly #asked: PendingConnections;
  readonly #timer: ReturnType<typeof setInterval>;
  #lastId = 0;
  /** How many of the sessions are in. */
  #inside = 0;
  #allGone: (() => void) | undefined;

  constructor(options: IntakeOptions) {
    this.#options = { ...options, backpressure: new Backpressure() };
    const { writeTimeout, idleTimeout, maxClients } = options.limits;
    this.#asked = new PendingConnections({
      most: Math.max(ASKED_AT_LEAST, Math.floor(maxClients * ASKED)),
      mostPerNetwork: Math.max(ASKED_AT_LEAST, Math.floor(maxClients * ASKED_OF_NETWORK)),
      deadlineMs: ASKED_FOR,
    });
    const shortest = Math.min(...[TICK, writeTimeout / 4, idleTimeout / 4].filter((ms) => ms > 0));
    this.#timer = setInterval(() => this.#tick(shortest), shortest);
  }

  /**
   * Takes in a connection and sees it to its end. Rejects on a bug alone, never for a peer's fault.
   * (Not async: a frame less to hold saves 0.5 KiB a connection.)
   */
  serve(connection: Connection, makeProtocol: MakeProtocol): Promise<void> {
    const network = networkOf(connection.address);
    const refusal = this.#refusal(network);
    if (refusal !== undefined) {
      return this.#turnAway({ id: 0, connection, protocol: makeProtocol(0) }, refusal);
    }
    const id = ++this.#lastId;
    this.#options.metrics.connections++;
    log.info("connect guest{id} from {remote}", { id, remote: connection.remote });
    const protocol = makeProtocol(id);
    const session = this.#open({ id, connection, protocol });
    session.hasPlace = true;
    this.#count(network, 1);
    if (this.#options.asksPassword) this.#ask(session);
    const { encoder, hears, isApp, token } = protocol;
    const { outbox, reader } = session;
    const { address, isPrivate } = connection;
    const from = { address, isPrivate, encoder, outbox };
    const full = this.#options.queue.push({ kind: "join", id, ...from, hears, isApp, token });
    connection.onMoved?.((before) => this.#move(id, connection, before));
    const ended = full === undefined ? reader.run() : full.then(() => reader.run());
    return ended.then((endedCleanly) => this.#leave(id, session, endedCleanly));
  }

  /** Tells the room that a connection goes on from another address. */
  #move(id: MemberId, { address, remote }: Connection, before: string): void {
    log.info("guest{id} continues from {remote}", { id, remote });
    this.#count(networkOf(before), -1);
    this.#count(networkOf(address), 1);
    void this.#options.queue.push({ kind: "moved", id, address });
  }

  /** Tells the room that a connection's end has been read, and logs it once it is closed. */
  async #leave(id: MemberId, session: Session, endedCleanly: boolean): Promise<void> {
    const { connection, outbox, reader, since } = session;
    const ending = endOf(endedCleanly, outbox);
    await this.#options.queue.push({ kind: "leave", id, ...ending });
    await connection.closed();
    this.#leavePlace(session);
    log.info(
      "disconnect {name} from {remote}: {why}, {seconds} s, {received} bytes in, {sent} out",
      {
        name: outbox.name,
        remote: connection.remote,
        why: outbox.why ?? ending.why,
        seconds: Math.round((performance.now() - since) / 1000),
        received: reader.received,
        sent: outbox.sent,
      },
    );
    this.#forget(session);
  }

  /** Resolves once the readers have passed on what had arrived: true; or false when there was no end to it. */
  async quiet(): Promise<boolean> {
    const { metrics } = this.#options;
    const end = performance.now() + QUIET_AT_MOST;
    // Twice: a long turn of the event loop may end with the timer before what has arrived is read.
    for (let calm = 0; calm < 2;) {
      if (performance.now() > end) return false;
      const before = metrics.bytesIn;
      await delay(QUIET);
      const isBusy = [...this.#sessions].some(({ reader }) => reader.isBusy);
      calm = isBusy || before !== metrics.bytesIn ? 0 : calm + 1;
    }
    return true;
  }

  /** Waits for the connections to end; closes those that have not after `patience` milliseconds. */
  async close(patience: number): Promise<void> {
    const late = setTimeout(() => {
      for (const { connection } of this.#sessions) connection.close();
    }, patience);
    if (this.#sessions.size > 0) await new Promise<void>((resolve) => this.#allGone = resolve);
    clearTimeout(late);
    clearInterval(this.#timer);
  }

  /** Has it wait for the password, until it is in, or gone. */
  #ask(session: Session): void {
    const { connection, outbox } = session;
    outbox.onNamed = this.#asked.enter(connection.address, (why: EvictReason) => {
      if (outbox.why !== undefined) return;
      outbox.evict(NOT_IN[why]);
      // Its place is another's; it has no more than a moment, and no list of those grows.
      this.#leavePlace(session);
      if (this.#sessions.size - this.#inside > MOST_TURNED_AWAY) connection.close(true);
    });
  }

  /** Why nobody of this network can come in now, or nothing when they can. */
  #refusal(network: string): string | undefined {
    const { limits, metrics } = this.#options;
    // Whoever may never know the password keeps nobody out.
    if (this.#inside >= limits.maxClients) this.#asked.makeRoom(network);
    if (this.#inside >= limits.maxClients) {
      metrics.refusedFull++;
      return `The room is full (it holds ${limits.maxClients}): try again later.`;
    }
    if (limits.maxPerAddress > 0 && (this.#perNetwork.get(network) ?? 0) >= limits.maxPerAddress) {
      metrics.refusedAddress++;
      return `Your address has reached its limit of connections (${limits.maxPerAddress}): close one first.`;
    }
  }

  /** Says why, if anyone may still be told; what the peer sends is read and unheard until it ends. */
  async #turnAway(peer: Omit<Peer, "outbox">, refusal: string): Promise<void> {
    const { connection } = peer;
    log.info("refuse {remote}: {refusal}", { remote: connection.remote, refusal });
    if (this.#sessions.size - this.#inside >= MOST_TURNED_AWAY) return connection.close();
    const session = this.#open(peer);
    session.outbox.evict("refused", refusal);
    await session.reader.run();
    await connection.closed();
    this.#forget(session);
  }

  #open(peer: Omit<Peer, "outbox">): Session {
    const { connection, protocol: { encoder } } = peer;
    const outbox = new Outbox(connection, encoder, this.#options);
    const reader = new Reader({ ...peer, outbox }, this.#options);
    const session = { connection, outbox, reader, hasPlace: false, since: performance.now() };
    this.#sessions.add(session);
    return session;
  }

  #forget(session: Session): void {
    this.#sessions.delete(session);
    if (this.#sessions.size === 0) this.#allGone?.();
  }

  #leavePlace(session: Session): void {
    if (!session.hasPlace) return;
    session.hasPlace = false;
    this.#count(networkOf(session.connection.address), -1);
  }

  /** Counts those who have a place, and those from one network. */
  #count(network: string, change: 1 | -1): void {
    this.#inside += change;
    const count = (this.#perNetwork.get(network) ?? 0) + change;
    if (count > 0) this.#perNetwork.set(network, count);
    else this.#perNetwork.delete(network);
  }

  #tick(elapsed: number): void {
    const { limits, metrics } = this.#options;
    for (const { outbox, reader } of this.#sessions) {
      outbox.tick(elapsed);
      if (limits.idleTimeout === 0 || outbox.why !== undefined) continue;
      reader.silent += elapsed;
      if (reader.silent < limits.idleTimeout) continue;
      metrics.closedIdle++;
      outbox.evict(`silent for ${limits.idleTimeout / 1000} s`);
    }
  }
}

/** How a connection ended: `why` for the log, `said` for the others (nothing: a plain goodbye). */
function endOf(endedCleanly: boolean, { why, wasReset }: Outbox): Pick<Leave, "why" | "said"> {
  // A peer that was closed from here may end just as cleanly: the others are told why all the same.
  if (why !== undefined) return { why, said: why };
  // Else it was its peer that ended, or was reset, or timed out.
  return endedCleanly && !wasReset ? { why: "left" } : { why: LOST, said: LOST };
}
