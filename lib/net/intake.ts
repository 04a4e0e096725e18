// The intake: takes connections whose protocol is known, if there is a place, gives each a number, and tells the
// writer of its join, its moves and its end.

import type { Connections } from "../chat/connections.ts";
import type { Event, Leave, Speaks } from "../chat/event.ts";
import type { ConnectionId } from "../chat/message.ts";
import type { Queue } from "../chat/queue.ts";
import { log } from "../log.ts";
import { counters, type Metrics } from "../metrics.ts";
import type { Protocol } from "../wire/protocol.ts";
import { createAsked, NOT_IN } from "./asked.ts";
import type { Connection } from "./connection.ts";
import { type OpenConnection, type OpenConnections, SPEAKS } from "./open_connections.ts";
import type { Outbox } from "./outbox.ts";
import type { Peer } from "./reader.ts";
import type { EvictReason, PendingConnections } from "./pending_connections.ts";
import { type PlaceLimits, Places } from "./places.ts";

/** Connections that were taken, by what they speak. */
export const CONNECTIONS = counters({
  name: "bobchat_connections_total",
  help: "Connections that were taken; json is what the page and bots speak.",
  label: "protocol",
  values: SPEAKS,
});
/** Connections that have ended, but for those that were refused. */
export const CLOSES = counters({
  name: "bobchat_closes_total",
  help:
    "Connections that have ended: slow had more than --max-pending bytes waiting, stalled took nothing for " +
    "--write-timeout, idle said nothing for --idle-timeout, password did not send it; ended by the chat or a " +
    "quit, left by themselves, or were lost.",
  label: "reason",
  values: ["slow", "stalled", "idle", "password", "ended", "left", "lost"],
});

/** How many connections there may be. */
export interface IntakeLimits extends PlaceLimits {
  /** Most connections of one person. */
  readonly maxDevices: number;
}

/** Options of the intake. */
export interface IntakeOptions {
  readonly queue: Pick<Queue<Event>, "push">;
  /** Where the writer finds what belongs to a connection. */
  readonly connections: Connections;
  /** Those that were taken or are being turned away. */
  readonly open: OpenConnections;
  readonly limits: IntakeLimits;
  readonly metrics: Metrics;
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

/** Milliseconds until the others are told of who says nothing. v0.1 tells of everyone at once. */
const ANNOUNCE_IN: Readonly<Record<Speaks, number>> = { lines: 5000, json: 5000, classic: 0 };
/** Most connections that are told at once why they are turned away; any more are closed without a word. */
const MOST_TURNED_AWAY = 100;
/** Why a connection ended, if its peer did not end it cleanly. */
const LOST = "connection lost";

/** The intake. */
export class Intake {
  readonly #options: IntakeOptions;
  readonly #places: Places;
  /** The connections that are asked for the password. */
  readonly #asked: PendingConnections;
  #lastId: ConnectionId;

  constructor(options: IntakeOptions) {
    this.#options = options;
    const { limits, metrics, lastId = 0 } = options;
    this.#lastId = lastId;
    this.#asked = createAsked(limits.maxClients);
    const makeRoom = (address: string) => this.#asked.makeRoom(address);
    this.#places = new Places({ limits, metrics, makeRoom });
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
    const { queue, connections, limits, metrics, asksPassword: isAsked = false } = this.#options;
    const id = ++this.#lastId, protocol = makeProtocol(id);
    metrics.add(CONNECTIONS[protocol.speaks]);
    log.info("connection {id} from {remote}", { id, remote: connection.remote });
    const open = this.#options.open.add({ id, connection, protocol });
    open.hasPlace = true;
    this.#places.take(address);
    if (isAsked) this.#ask(open);
    const { speaks, encoder, token, browser, maxLine } = protocol, { outbox, reader } = open;
    connections.add(id, { encoder, outbox, token });
    const full = queue.push({
      ...{ kind: "join", id, speaks, address, isPrivate, isAsked, maxLine },
      announceIn: announceIn ?? ANNOUNCE_IN[speaks],
      ...{ maxDevices: limits.maxDevices, browser },
    });
    connection.onMoved?.((before) => this.#move(id, open, before));
    connection.onLost?.((isLost) => void queue.push({ kind: "link", id, isLost }));
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
    this.#options.metrics.add(CLOSES[ending.reason]);
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
    this.#options.open.delete(open);
  }

  /** Has a connection wait for the password, until it has joined or is gone. */
  #ask(open: OpenConnection): void {
    const { connection, outbox } = open;
    outbox.onNamed = this.#asked.enter(connection.address, (why: EvictReason) => {
      if (outbox.why !== undefined) return;
      outbox.evict("password", NOT_IN[why]);
      // Its place goes to another at once; it is closed in a moment, so no list of these grows.
      this.#leavePlace(open);
      if (this.#options.open.size - this.#places.taken > MOST_TURNED_AWAY) connection.close(true);
    });
  }

  /** Tells a connection why it is refused, if it can; then reads its input unheard until it ends. */
  async #turnAway(peer: Omit<Peer, "outbox">, refusal: string): Promise<void> {
    const { connection } = peer;
    log.info("refuse {remote}: {refusal}", { remote: connection.remote, refusal });
    if (this.#options.open.size - this.#places.taken >= MOST_TURNED_AWAY) return connection.close();
    const open = this.#options.open.add(peer);
    open.outbox.evict(undefined, "refused", refusal);
    await open.reader.run();
    await connection.closed();
    this.#options.open.delete(open);
  }

  #leavePlace(open: OpenConnection): void {
    if (!open.hasPlace) return;
    open.hasPlace = false;
    this.#places.leave(open.connection.address);
  }
}

/** How a connection ended. */
interface Ending extends Pick<Leave, "why" | "said"> {
  readonly reason: keyof typeof CLOSES;
}

/** How a connection ended: `why` is for the log, `said` for the other members (undefined: it just left). */
function endOf(endedCleanly: boolean, { why, eviction, wasReset }: Outbox): Ending {
  // A peer whose connection was ended from here may end it as cleanly: the others are told why all the same.
  if (why !== undefined) return { why, said: why, reason: eviction ?? "ended" };
  // Otherwise its peer ended it, was reset, or timed out.
  return endedCleanly && !wasReset
    ? { why: "left", reason: "left" }
    : { why: LOST, said: LOST, reason: "lost" };
}
