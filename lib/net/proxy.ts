// Connections from trusted proxies, with --proxy-protocol: each begins with a header that says where it comes
// from. After that it is detected as if it came from there.

import { formatAddress, isLoopback, type Networks, plainAddress } from "../chat/address.ts";
import { log } from "../log.ts";
import { parseProxyHeader, type ProxyHeader } from "../wire/proxy_header.ts";
import { isPeerFault } from "./connection.ts";
import type { PeekedConnection } from "./peeked.ts";
import { type EvictReason, PendingConnections, type PendingLimits } from "./pending_connections.ts";

/** Options of reading the headers. */
export interface ProxyHeadersOptions {
  /** Those that are trusted. */
  readonly proxies: Networks;
  /** Takes over a connection once it is known where it comes from. */
  readonly serve: (connection: PeekedConnection) => void;
  /** Bounds of the connections whose header is awaited. */
  readonly pending?: PendingLimits;
}

/** A proxy's connections are those of many people. */
const PENDING: PendingLimits = { most: 1000, mostPerNetwork: 1000, deadlineMs: 10_000 };
const READ = 512;
const WHY: Readonly<Record<EvictReason, string>> = {
  late: "no PROXY header in time",
  crowded: "others came, and it had waited longest for its PROXY header",
  stopping: "the server stops",
};

/** Reads the headers of trusted proxies. */
export class ProxyHeaders {
  readonly #options: ProxyHeadersOptions;
  readonly #pending: PendingConnections;

  constructor(options: ProxyHeadersOptions) {
    this.#options = options;
    this.#pending = new PendingConnections(options.pending ?? PENDING);
  }

  /** Takes a connection; whose proxy is not trusted is passed on as it is. */
  async serve(connection: PeekedConnection): Promise<void> {
    const { proxies, serve } = this.#options, { address, remote } = connection;
    if (!proxies.has(address)) return serve(connection);
    const refuse = (why: string) => {
      log.warn("close {remote}, a --trusted-proxy: {why}", { remote, why });
      connection.close();
    };
    const leave = this.#pending.enter(address, (why) => refuse(WHY[why]));
    try {
      const header = await read(connection);
      if (typeof header === "string") return refuse(header);
      move(connection, header);
    } catch (error) {
      if (!isPeerFault(error)) throw error;
      return connection.close();
    } finally {
      leave();
    }
    serve(connection);
  }

  /** Ends the connections whose header has not come yet. */
  close(): void {
    this.#pending.clear();
  }
}

/** Reads a connection's header, and gives back what follows it; a text: why there is none. */
async function read(connection: PeekedConnection): Promise<ProxyHeader | string> {
  let bytes = new Uint8Array(0);
  for (;;) {
    const buffer = new Uint8Array(READ);
    const count = await connection.read(buffer);
    if (count === null) return "it ended before its PROXY header";
    const both = new Uint8Array(bytes.length + count);
    both.set(bytes);
    both.set(buffer.subarray(0, count), bytes.length);
    bytes = both;
    const header = parseProxyHeader(bytes);
    if (header === undefined) continue;
    if (typeof header !== "string") connection.unread(bytes.subarray(header.length));
    return header;
  }
}

/** Has a connection come from where its header says; a header without an origin is the proxy's own. */
function move(connection: PeekedConnection, { origin }: ProxyHeader): void {
  if (origin === undefined) return;
  const { isSecure, port } = origin;
  const address = plainAddress(origin.address);
  connection.comesFrom({
    address,
    remote: `${formatAddress(address, port)} by ${connection.remote}`,
    // What a proxy passes on came from elsewhere, even if the proxy is on this machine.
    isPrivate: isSecure || isLoopback(address) && connection.isPrivate,
    isSecure,
  });
}
