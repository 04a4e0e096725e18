// Who sent a request: by the network, and by what trusted proxies say.

import { isAddress, type Networks, plainAddress } from "../../chat/address.ts";
import { log } from "../../log.ts";
import type { Connection, Origin } from "../connection.ts";

/** The address of a connection whose proxy does not know it or does not say: one client, not the proxy. */
export const UNKNOWN = "unknown";

/** The proxies that are trusted to say where a request comes from. */
export class Proxies {
  readonly #trusted: Networks;
  readonly #warnings = new ForwardingWarnings();

  constructor(trusted: Networks) {
    this.#trusted = trusted;
  }

  /** Whether a peer is one of them. */
  has(peer: string): boolean {
    return this.#trusted.has(peer);
  }

  /** Who sent a request with these headers over a connection. */
  senderOf(connection: Connection, headers: ReadonlyMap<string, string>): Origin {
    const { address: peer, remote } = connection;
    const forwarded = headers.get("x-forwarded-for");
    const isTrusted = this.has(peer);
    if (forwarded !== undefined && !isTrusted) this.#warnings.note(peer);
    const address = originalAddress(peer, { forwarded, proxies: this.#trusted });
    // A trusted proxy also says how its client connected.
    const isSecure = connection.isSecure ||
      isTrusted && headers.get("x-forwarded-proto") === "https";
    return {
      address,
      remote: address === peer ? remote : `${address} by ${remote}`,
      isSecure,
      // What a proxy forwards came from elsewhere, even if the proxy is on this machine.
      isPrivate: isSecure || connection.isPrivate && forwarded === undefined,
    };
  }
}

/**
 * The address that a connection comes from: the last in `X-Forwarded-For` that is no trusted proxy. A proxy
 * that sends no such header counts as the client.
 */
export function originalAddress(
  peer: string,
  { forwarded, proxies }: { forwarded: string | undefined; proxies: Networks },
): string {
  if (forwarded === undefined || !proxies.has(peer)) return peer;
  // Empty elements of a list are ignored.
  const hops = forwarded.split(",").map((hop) => hop.trim()).filter((hop) => hop !== "");
  let last = UNKNOWN;
  for (const hop of hops.reverse()) {
    const address = plainAddress(withoutPort(hop));
    if (!isAddress(address)) return UNKNOWN;
    last = address;
    if (!proxies.has(address)) break;
  }
  return last;
}

/** Removes the port that some proxies add: `192.0.2.1:555`, `[2001:db8::1]:555`. */
function withoutPort(hop: string): string {
  return hop.replace(/^([\d.]+):\d+$/, "$1").replace(/^\[(.*)\](?::\d+)?$/, "$1");
}

/** Most peers that are warned of: who has more proxies knows by then. */
const MOST_WARNED = 10;

/** Warns once of each peer that forwards but is not trusted: all its clients look like one. */
class ForwardingWarnings {
  readonly #warned = new Set<string>();

  /** Notes that a peer that is not trusted has forwarded a connection. */
  note(peer: string): void {
    if (this.#warned.has(peer) || this.#warned.size >= MOST_WARNED) return;
    this.#warned.add(peer);
    log.warn(
      "{peer} sends X-Forwarded-For but is not trusted, so everyone who comes through it has its address, " +
        "and a ban of one bans all: if it is your proxy, start with --trusted-proxy {peer}",
      { peer },
    );
  }
}
