// The web listeners: HTTP or HTTPS, for browsers and bots.

import { Networks } from "../chat/address.ts";
import type { Connection } from "../net/connection.ts";
import { SocketConnection } from "../net/socket.ts";
import { accept } from "../net/tcp.ts";
import { HttpServer } from "../net/web/server.ts";
import { Sessions } from "../net/web/sessions.ts";
import { Sockets } from "../net/web/sockets.ts";
import { ASSETS } from "../page/assets.ts";
import { JsonProtocol } from "../wire/json.ts";
import { eachAddress, listenAtEach, type ListenersOptions } from "./listeners.ts";
import { machineNames } from "./machine_name.ts";
import type { TlsListeners } from "./tls_listeners.ts";

/** Opens the listeners; returns their addresses. Throws a `StartError`. */
export async function openWebListeners(
  { options, intake, metrics, stop }: ListenersOptions,
  secure: TlsListeners | undefined,
): Promise<Deno.NetAddr[]> {
  const { host, webPort, webHost, webTls, webOrigin, trustedProxy, maxLine, maxPending } = options;
  const sessions = new Sessions({
    most: maxPending,
    serve: (connection, token) =>
      void intake.serve(connection, () => new JsonProtocol({ maxLine, token })),
  });
  const sockets = new Sockets(sessions, maxLine);
  const names = machineNames();
  const http = new HttpServer({
    assets: ASSETS,
    origins: webOrigin,
    names: () => names,
    proxies: new Networks(trustedProxy),
    isTlsOnly: false,
    upgrade: sockets.accept.bind(sockets),
  });
  stop.addEventListener("abort", () => {
    http.close();
    sockets.close();
  }, { once: true });
  const serve = (connection: Connection) => http.serve(connection);
  const addresses = eachAddress(webHost.length > 0 ? webHost : host, webPort);
  if (webTls && secure !== undefined) {
    return await secure.listen("--web-port", addresses, {
      hint: "HTTP/1.1 400 Bad Request\r\nconnection: close\r\n\r\nThis port speaks https.\n",
      serve: (socket, remote) => void serve(new SocketConnection(socket, remote)),
      metrics,
    });
  }
  const listeners = await listenAtEach(
    "--web-port",
    addresses,
    (where): Deno.TcpListener => Deno.listen(where),
  );
  for (const listener of listeners) void accept(listener, { serve, stop, metrics });
  return listeners.map(({ addr }) => addr);
}
