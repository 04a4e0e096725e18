// The places of connections: how many are taken, in all and by each network, and why a connection gets none.

import { networkOf } from "../chat/address.ts";
import { counters, type Metrics } from "../metrics.ts";

/** Connections that got no place, by why. */
export const REFUSALS = counters({
  name: "bobchat_refusals_total",
  help: "Connections that were turned away: full by --max-clients, address by --max-per-address.",
  label: "reason",
  values: ["full", "address"],
});

/** How many places there are. */
export interface PlaceLimits {
  /** Most connections at once. */
  readonly maxClients: number;
  /** Most connections at once from one address, or one IPv6 /64; 0: no limit. */
  readonly maxPerAddress: number;
}

/** Options of the places. */
export interface PlacesOptions {
  readonly limits: PlaceLimits;
  readonly metrics: Metrics;
  /** Frees a place that is held by a connection that may never join, if there is one. */
  readonly makeRoom: (address: string) => void;
}

/** The places that connections have taken. */
export class Places {
  readonly #options: PlacesOptions;
  readonly #perNetwork = new Map<string, number>();
  #taken = 0;

  constructor(options: PlacesOptions) {
    this.#options = options;
  }

  /** How many are taken. */
  get taken(): number {
    return this.#taken;
  }

  /** Why a connection from this address gets no place now, which is counted; undefined if it gets one. */
  refusal(address: string): string | undefined {
    const { limits, metrics, makeRoom } = this.#options;
    // Connections that may never know the password must not keep others out.
    if (this.#taken >= limits.maxClients) makeRoom(address);
    if (this.#taken >= limits.maxClients) {
      metrics.add(REFUSALS.full);
      return `The room is full (it holds ${limits.maxClients}): try again later.`;
    }
    const own = this.#perNetwork.get(networkOf(address)) ?? 0;
    if (limits.maxPerAddress > 0 && own >= limits.maxPerAddress) {
      metrics.add(REFUSALS.address);
      return `Your address has reached its limit of connections (${limits.maxPerAddress}): close one first.`;
    }
  }

  /** A connection from this address takes a place. */
  take(address: string): void {
    this.#count(address, 1);
  }

  /** A connection from this address gives up its place. */
  leave(address: string): void {
    this.#count(address, -1);
  }

  #count(address: string, change: 1 | -1): void {
    const network = networkOf(address);
    this.#taken += change;
    const count = (this.#perNetwork.get(network) ?? 0) + change;
    if (count > 0) this.#perNetwork.set(network, count);
    else this.#perNetwork.delete(network);
  }
}
