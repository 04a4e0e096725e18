// All the ways in that the options ask for, or the sentence why one of them cannot be had.

import { Networks } from "../chat/network.ts";
import type { Metrics } from "../metrics.ts";
import type { Connection } from "../net/connection.ts";
import type { Intake } from "../net/intake.ts";
import { SocketConnection } from "../net/socket.ts";
import { SocketListener } from "../net/socket_listener.ts";
import { accept } from "../net/tcp.ts";
import { WebDoor } from "../net/web/door.ts";
import { ASSETS } from "../page/assets.ts";
import { classicProtocol } from "../wire/classic.ts";
import { JsonProtocol } from "../wire/json.ts";
import { LineProtocol } from "../wire/line.ts";
import { eachAddress, listenAtEach } from "./listeners.ts";
import type { Options } from "./options.ts";
import { SecureDoors } from "./secure_doors.ts";

/** What the doors are given. */
export interface DoorsOptions {
  readonly options: Options;
  readonly intake: Intake;
  readonly metrics: Metrics;
  /** Once aborted nobody is let in any more. */
  readonly stop: AbortSignal;
}

/** Open doors, and where they are. */
export interface Doors {
  readonly lines: readonly Deno.NetAddr[];
  readonly tls: readonly Deno.NetAddr[];
  readonly web: readonly Deno.NetAddr[];
  /** Whether the web's is https. */
  readonly isWebSecure: boolean;
  /** Resolves once nobody is let in any more. */
  readonly closed: Promise<unknown>;
  /** Has newcomers served with the certificate that its files have now. */
  readonly reload: (() => void) | undefined;
}

/** Opens them all; people come in from then on. Throws a `StartError`. */
export async function openDoors(parts: DoorsOptions): Promise<Doors> {
  const { options, intake, metrics, stop } = parts;
  const { host, port, classic, maxLine, tlsPort, tlsCert, tlsKey } = options;
  const lineProtocol = classic ? classicProtocol : () => new LineProtocol(maxLine);
  const serve = (connection: Connection) => intake.serve(connection, lineProtocol);
  const listeners = await listenAtEach(
    "--port",
    eachAddress(host, port),
    (where): Deno.TcpListener => Deno.listen(where),
  );
  const secure = tlsCert === undefined || tlsKey === undefined
    ? undefined
    : new SecureDoors({ cert: tlsCert, key: tlsKey });
  stop.addEventListener("abort", () => secure?.close(), { once: true });
  const tls = await secure?.listen("--tls-port", eachAddress(host, tlsPort), {
    hint:
      "*** This port speaks TLS: join with ncat --ssl, or openssl s_client -quiet -connect.\r\n",
    serve: (socket, remote) => void serve(new SocketConnection(socket, remote)),
    metrics,
  });
  const web = await openWeb(parts, secure);
  return {
    lines: listeners.map(({ addr }) => addr),
    tls: tls ?? [],
    web,
    isWebSecure: options.webTls,
    closed: Promise.all(listeners.map((listener) => accept(listener, { serve, stop, metrics }))),
    reload: secure && (() => secure.reload()),
  };
}

/** The web's doors, if there are to be any. */
async function openWeb(
  { options, intake, metrics, stop }: DoorsOptions,
  secure: SecureDoors | undefined,
): Promise<Deno.NetAddr[]> {
  const { host, webPort, webHost, webTls, webOrigin, trustedProxy, maxLine, maxPending } = options;
  if (webPort.length === 0) return [];
  const door = await WebDoor.create({
    assets: ASSETS,
    origins: webOrigin,
    proxies: new Networks(trustedProxy),
    most: maxPending,
    serve: (connection, token) =>
      void intake.serve(connection, () => new JsonProtocol({ maxLine, token })),
  });
  stop.addEventListener("abort", () => door.close(), { once: true });
  const addresses = eachAddress(webHost.length > 0 ? webHost : host, webPort);
  if (!webTls || secure === undefined) {
    return await listenAtEach("--web-port", addresses, (where) => {
      const listener = new SocketListener({ serve: (socket) => door.take(socket), metrics });
      stop.addEventListener("abort", () => listener.close(), { once: true });
      return listener.listen(where);
    });
  }
  return await secure.listen("--web-port", addresses, {
    hint: "HTTP/1.1 400 Bad Request\r\nconnection: close\r\n\r\nThis port speaks https.\n",
    serve: (socket) => door.take(socket),
    metrics,
  });
}
