// Connections from trusted proxies, with --proxy-protocol: each begins with a header that says where it comes
// from. After that it is taken as any other.

import { formatAddress, isLoopback, type Networks, plainAddress } from "../chat/address.ts";
import { log } from "../log.ts";
import { parseProxyHeader, type ProxyHeader } from "../wire/proxy_header.ts";
import { isPeerFault } from "./connection.ts";
import type { PeekedConnection } from "./peeked.ts";
import { PendingConnections } from "./pending_connections.ts";

/** Connections whose header is awaited; a proxy's are those of many people. */
const PENDING = { most: 1000, mostPerNetwork: 1000, deadlineMs: 10_000 };
const READ = 512;

/** Reads the headers of trusted proxies. */
export class ProxyHeaders {
  readonly #proxies: Networks;
  readonly #serve: (connection: PeekedConnection) => void;
  readonly #pending = new PendingConnections(PENDING);

  /** Connections are passed on once it is known where they come from. */
  constructor(proxies: Networks, serve: (connection: PeekedConnection) => void) {
    this.#proxies = proxies;
    this.#serve = serve;
  }

  /** Takes a connection; whose proxy is not trusted is passed on as it is. */
  async serve(connection: PeekedConnection): Promise<void> {
    if (!this.#proxies.has(connection.address)) return this.#serve(connection);
    const leave = this.#pending.enter(connection.address, () => connection.close());
    try {
      const header = await read(connection);
      if (typeof header === "string") {
        log.warn("close {remote}: {why}, though it is a --trusted-proxy", {
          remote: connection.remote,
          why: header,
        });
        return connection.close();
      }
      move(connection, header);
    } catch (error) {
      if (!isPeerFault(error)) throw error;
      return connection.close();
    } finally {
      leave();
    }
    this.#serve(connection);
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
