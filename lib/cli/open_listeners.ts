// Opens all listeners that the options ask for, or says in a sentence why one cannot be opened.

import type { Connection } from "../net/connection.ts";
import { SocketConnection } from "../net/socket.ts";
import { accept } from "../net/tcp.ts";
import { classicProtocol } from "../wire/classic.ts";
import { LineProtocol } from "../wire/line.ts";
import { eachAddress, listenAtEach, type ListenersOptions } from "./listeners.ts";
import type { TlsListeners } from "./tls_listeners.ts";
import type { TlsFiles } from "./tls_files.ts";

/** Open listeners, and their addresses. */
export interface Listeners {
  readonly lines: readonly Deno.NetAddr[];
  readonly tls: readonly Deno.NetAddr[];
  readonly web: readonly Deno.NetAddr[];
  /** Whether the web listeners use https. */
  readonly isWebSecure: boolean;
  /** Resolves once no more connections are accepted. */
  readonly closed: Promise<unknown>;
  /** Reads the certificate files again, for new connections. */
  readonly reload: (() => void) | undefined;
}

/** Opens all listeners; they accept connections at once. Throws a `StartError`. */
export async function openListeners(parts: ListenersOptions): Promise<Listeners> {
  const { options, intake, metrics, stop } = parts;
  const { host, port, classic, maxLine, tlsPort, tlsCert, tlsKey, webPort } = options;
  const lineProtocol = classic ? classicProtocol : () => new LineProtocol(maxLine);
  const serve = (connection: Connection) => intake.serve(connection, lineProtocol);
  const listeners = await listenAtEach(
    "--port",
    eachAddress(host, port),
    (where): Deno.TcpListener => Deno.listen(where),
  );
  const secure = tlsCert === undefined || tlsKey === undefined
    ? undefined
    : await loadSecure({ cert: tlsCert, key: tlsKey });
  stop.addEventListener("abort", () => secure?.close(), { once: true });
  const tls = await secure?.listen("--tls-port", eachAddress(host, tlsPort), {
    hint:
      "*** This port speaks TLS: join with ncat --ssl, or openssl s_client -quiet -connect.\r\n",
    serve: (socket, remote) => void serve(new SocketConnection(socket, remote)),
    metrics,
  });
  const web = webPort.length === 0 ? [] : await loadWeb(parts, secure);
  return {
    lines: listeners.map(({ addr }) => addr),
    tls: tls ?? [],
    web,
    isWebSecure: options.webTls,
    closed: Promise.all(listeners.map((listener) => accept(listener, { serve, stop, metrics }))),
    reload: secure && (() => secure.reload()),
  };
}

// Rarely used parts are loaded on demand: Node's TLS and HTTP would add 30 ms to every start.

async function loadSecure(files: TlsFiles): Promise<TlsListeners> {
  const { TlsListeners } = await import("./tls_listeners.ts");
  return new TlsListeners(files);
}

async function loadWeb(
  parts: ListenersOptions,
  secure: TlsListeners | undefined,
): Promise<Deno.NetAddr[]> {
  const { openWebListeners } = await import("./web_listeners.ts");
  return await openWebListeners(parts, secure);
}
