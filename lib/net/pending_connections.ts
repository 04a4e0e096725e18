// Where connections wait until they are in: until their TLS handshake is done, their request has come, or
// they know the password. They cost nobody else anything. There is room for so many, a network has a share of
// it, and where there is none left, one of the largest crowd goes, who has waited longest: a newcomer always
// finds a place, and whoever comes alone keeps it.

import { networkOf } from "../chat/address.ts";

/** How many may wait, and how long. */
export interface PendingLimits {
  /** Connections at once. */
  readonly most: number;
  /** Connections at once from one network. */
  readonly mostPerNetwork: number;
  /** Milliseconds after which a connection goes that is not in by then. */
  readonly deadlineMs: number;
}

/** Why a connection has to go: its time is over, or its place is another's. */
export type EvictReason = "late" | "crowded";

/** A connection that waits. */
interface Waiting {
  readonly network: string;
  readonly close: (why: EvictReason) => void;
  readonly timer: ReturnType<typeof setTimeout>;
}

/** The connections of a listener that are not in yet. */
export class PendingConnections {
  readonly #limits: PendingLimits;
  /** Those who wait, oldest first; and those of each network. */
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
   * Lets a connection wait. What is returned is to be called once it is in, or gone by itself; it may be
   * called again. `close` is called at most once, never behind that, and is to close the connection.
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
    // Not `own`: it may be gone with the one who was evicted.
    const peers = this.#perNetwork.get(network);
    if (peers === undefined) this.#perNetwork.set(network, new Set([waiting]));
    else peers.add(waiting);
    return () => this.#leave(waiting);
  }

  /** Closes the one that has waited longest, of this network rather than of a crowd; if there is one. */
  makeRoom(address: string): void {
    const waiting = this.#perNetwork.get(networkOf(address)) ?? this.#crowd();
    if (waiting.size > 0) this.#evict(first(waiting), "crowded");
  }

  /** Closes all who wait. */
  clear(): void {
    for (const waiting of this.#all) this.#evict(waiting, "crowded");
  }

  /** Those of the network that has most of them. */
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

/** The first of a set that has one. */
function first(waiting: ReadonlySet<Waiting>): Waiting {
  return waiting.values().next().value!;
}
