// The old web listener over a connection, until HttpServer takes its place.

import type { Socket } from "node:net";
import { ConnectionDuplex } from "../duplex.ts";
import type { PeekedConnection } from "../peeked.ts";

/** A connection that looks like a socket of Node's. */
export function asSocket(connection: PeekedConnection): Socket {
  const [, port] = /:(\d+)$/.exec(connection.remote) ?? [];
  const socket: ConnectionDuplex = Object.assign(new ConnectionDuplex(connection), {
    remoteAddress: connection.address,
    remotePort: Number(port),
    bytesRead: 1,
    setTimeout: () => socket,
    setNoDelay: () => socket,
    setKeepAlive: () => socket,
    resetAndDestroy: () => {
      connection.close(true);
      return socket.destroy();
    },
    ...connection.isSecure ? { encrypted: true } : {},
  });
  return socket as unknown as Socket;
}
