// Connections that have not joined yet: their TLS handshake, their request or their password is awaited. Only
// so many may wait, and each network has a share. When all places are taken, the connection that has waited
// longest in the network with the most is evicted: so a new connection always finds a place, and one that
// comes alone keeps it.

import { networkOf } from "../chat/address.ts";

/** How many connections may wait, and how long. */
export interface PendingLimits {
  /** Most that may wait. */
  readonly most: number;
  /** Most that may wait from one network. */
  readonly mostPerNetwork: number;
  /** Milliseconds after which a connection that still waits is evicted. */
  readonly deadlineMs: number;
}

/** Why a connection was evicted: its time is over, its place was needed, or the server stops. */
export type EvictReason = "late" | "crowded" | "stopping";

/** A connection that waits. */
interface Waiting {
  readonly network: string;
  readonly close: (why: EvictReason) => void;
  readonly timer: ReturnType<typeof setTimeout>;
}

/** The connections that wait. */
export class PendingConnections {
  readonly #limits: PendingLimits;
  /** Those that wait, oldest first; and those of each network. */
  readonly #all = new Set<Waiting>();
  readonly #perNetwork = new Map<string, Set<Waiting>>();

  constructor(limits: PendingLimits) {
    this.#limits = limits;
  }

  /** How many wait. */
  get size(): number {
    return this.#all.size;
  }

  /**
   * Has a connection wait. Call the returned function once it has joined or is gone; calling it again does
   * nothing. `close` must close the connection; it is called at most once, and never after that.
   */
  enter(
    address: string,
    close: (why: EvictReason) => void,
    deadlineMs = this.#limits.deadlineMs,
  ): () => void {
    const { most, mostPerNetwork } = this.#limits;
    const network = networkOf(address);
    const own = this.#perNetwork.get(network);
    if (own !== undefined && own.size >= mostPerNetwork) this.#evict(first(own), "crowded");
    else if (this.#all.size >= most) this.#evict(first(this.#crowd()), "crowded");
    const timer = setTimeout(() => this.#evict(waiting, "late"), deadlineMs);
    const waiting = { network, close, timer };
    this.#all.add(waiting);
    // Not `own`: if its last connection was evicted, that set is no longer in the map.
    const peers = this.#perNetwork.get(network);
    if (peers === undefined) this.#perNetwork.set(network, new Set([waiting]));
    else peers.add(waiting);
    return () => this.#leave(waiting);
  }

  /** Evicts the connection that has waited longest: of this network, or else of the one with the most. */
  makeRoom(address: string): void {
    const waiting = this.#perNetwork.get(networkOf(address)) ?? this.#crowd();
    if (waiting.size > 0) this.#evict(first(waiting), "crowded");
  }

  /** Evicts all: the server stops. */
  clear(): void {
    for (const waiting of this.#all) this.#evict(waiting, "stopping");
  }

  /** The connections of the network that has the most. */
  #crowd(): ReadonlySet<Waiting> {
    let crowd: ReadonlySet<Waiting> = new Set();
    for (const waiting of this.#perNetwork.values()) {
      if (waiting.size > crowd.size) crowd = waiting;
    }
    return crowd;
  }

  #evict(waiting: Waiting, why: EvictReason): void {
    this.#leave(waiting);
    waiting.close(why);
  }

  #leave(waiting: Waiting): void {
    const { network, timer } = waiting;
    if (!this.#all.delete(waiting)) return;
    clearTimeout(timer);
    const peers = this.#perNetwork.get(network)!;
    peers.delete(waiting);
    if (peers.size === 0) this.#perNetwork.delete(network);
  }
}

/** The first of a set that is not empty. */
function first(waiting: ReadonlySet<Waiting>): Waiting {
  return waiting.values().next().value!;
}
