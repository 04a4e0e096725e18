// The web listeners: HTTP or HTTPS, for browsers and bots.

import { Networks } from "../chat/address.ts";
import { SocketListener } from "../net/socket_listener.ts";
import { WebListener } from "../net/web/listener.ts";
import { ASSETS } from "../page/assets.ts";
import { JsonProtocol } from "../wire/json.ts";
import { eachAddress, listenAtEach, type ListenersOptions } from "./listeners.ts";
import type { TlsListeners } from "./tls_listeners.ts";

/** Opens the listeners; returns their addresses. Throws a `StartError`. */
export async function openWebListeners(
  { options, intake, metrics, stop }: ListenersOptions,
  secure: TlsListeners | undefined,
): Promise<Deno.NetAddr[]> {
  const { host, webPort, webHost, webTls, webOrigin, trustedProxy, maxLine, maxPending } = options;
  const web = await WebListener.create({
    maxLine,
    assets: ASSETS,
    origins: webOrigin,
    proxies: new Networks(trustedProxy),
    most: maxPending,
    serve: (connection, app) =>
      void intake.serve(connection, () => new JsonProtocol({ maxLine, ...app })),
  });
  stop.addEventListener("abort", () => web.close(), { once: true });
  const addresses = eachAddress(webHost.length > 0 ? webHost : host, webPort);
  if (!webTls || secure === undefined) {
    return await listenAtEach("--web-port", addresses, (where) => {
      const listener = new SocketListener({ serve: (socket) => web.take(socket), metrics });
      stop.addEventListener("abort", () => listener.close(), { once: true });
      return listener.listen(where);
    });
  }
  return await secure.listen("--web-port", addresses, {
    hint: "HTTP/1.1 400 Bad Request\r\nconnection: close\r\n\r\nThis port speaks https.\n",
    serve: (socket, { tcp }) => web.take(socket, tcp),
    metrics,
  });
}
