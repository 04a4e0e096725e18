// Opens all listeners that the options ask for, and says what they speak: the table of detection.

import { Networks } from "../chat/address.ts";
import { log } from "../log.ts";
import type { Metrics } from "../metrics.ts";
import type { Connection } from "../net/connection.ts";
import { Detection, type Row } from "../net/detect.ts";
import { dismiss } from "../net/dismiss.ts";
import type { Intake } from "../net/intake.ts";
import type { PeekedConnection } from "../net/peeked.ts";
import { ProxyHeaders } from "../net/proxy.ts";
import { accept } from "../net/tcp.ts";
import type { TlsOptions } from "../net/tls.ts";
import { classicProtocol } from "../wire/classic.ts";
import { isHttp, isProxy, isTls } from "../wire/first_bytes.ts";
import { LineProtocol } from "../wire/line.ts";
import type { Secure } from "./certificate.ts";
import { listen } from "./listeners.ts";
import type { Options } from "./options.ts";
import type { TlsFiles } from "./tls_files.ts";

/** What every listener needs. */
export interface ListenersOptions {
  readonly options: Options;
  readonly intake: Intake;
  readonly metrics: Metrics;
  /** Once aborted, no more connections are accepted. */
  readonly stop: AbortSignal;
}

/** Open listeners. */
export interface Listeners {
  readonly addresses: readonly Deno.NetAddr[];
  /** Resolves once no more connections are accepted. */
  readonly closed: Promise<unknown>;
  /** Reads the certificate files again, for new connections. */
  readonly reload: (() => void) | undefined;
}

/** What serves HTTP. */
export interface Web {
  readonly serve: (connection: PeekedConnection) => Promise<void> | void;
  readonly close: () => void;
}

/** Opens all listeners; they accept connections at once. Throws a `StartError`. */
export async function openListeners(parts: ListenersOptions): Promise<Listeners> {
  const { options, intake, metrics, stop } = parts;
  const listeners = listen(options);
  const { serve, reload } = options.classic
    ? { serve: (connection: Connection) => intake.serve(connection, classicProtocol) }
    : await detection(parts);
  return {
    addresses: listeners.map(({ addr }) => addr),
    closed: Promise.all(listeners.map((listener) => accept(listener, { serve, stop, metrics }))),
    reload,
  };
}

const ENCODER = new TextEncoder();
const NO_PAGE = ENCODER.encode(
  "HTTP/1.1 404 Not Found\r\nContent-Type: text/plain; charset=utf-8\r\nConnection: close\r\n\r\n" +
    "There is no page here: join with nc, telnet or bobchat connect.\n",
);
const ENCRYPTED_ONLY = ENCODER.encode(
  "*** This server speaks TLS only: join with bobchat connect --tls, or ncat --ssl.\r\n",
);

/** A fatal TLS alert: there is no certificate here, so no handshake. */
const ALERT = Uint8Array.of(0x15, 0x03, 0x01, 0x00, 0x02, 0x02, 0x28);

/** How connections are taken that may speak anything. */
async function detection(parts: ListenersOptions) {
  const { options, intake, metrics, stop } = parts;
  const { maxLine, tlsCert, tlsKey, tlsOnly } = options;
  const proxies = new Networks(options.trustedProxy);
  const web = options.noWeb ? undefined : await loadWeb(parts);
  const lines = (connection: Connection) =>
    intake.serve(connection, () => new LineProtocol(maxLine));
  const http: Row = {
    name: "HTTP",
    matches: isHttp,
    serve: web?.serve ?? ((connection) => dismiss(connection, NO_PAGE)),
  };
  const proxy: Row = { name: "PROXY", matches: isProxy, serve: refuseProxy };
  const inside = new Detection({ rows: [proxy, http], lines, proxies });
  const secure = tlsCert === undefined || tlsKey === undefined ? undefined : await loadSecure(
    { cert: tlsCert, key: tlsKey },
    { serve: (connection) => inside.serve(connection), metrics },
  );
  const tls: Row = {
    name: "TLS",
    matches: isTls,
    serve: secure?.serve ?? ((connection) => dismiss(connection, ALERT)),
  };
  const outside = new Detection({
    rows: [proxy, tls, http],
    lines: tlsOnly ? (connection) => dismiss(connection, ENCRYPTED_ONLY) : lines,
    proxies,
  });
  const headers = options.proxyProtocol
    ? new ProxyHeaders(proxies, (connection) => outside.serve(connection))
    : undefined;
  stop.addEventListener("abort", () => {
    for (const each of [headers, outside, secure, inside, web]) each?.close();
  }, { once: true });
  return {
    serve: (connection: PeekedConnection) =>
      headers?.serve(connection) ?? outside.serve(connection),
    reload: secure?.reload,
  };
}

/** A header of the PROXY protocol counts only where it was agreed on. */
function refuseProxy(connection: Connection): void {
  log.info(
    "close {remote}: it sent a PROXY header, which --proxy-protocol allows a --trusted-proxy",
    {
      remote: connection.remote,
    },
  );
  connection.close();
}

// Loaded on demand: Node's TLS and HTTP would add 30 ms to every start.

async function loadSecure(files: TlsFiles, options: Omit<TlsOptions, "context">): Promise<Secure> {
  const { secure } = await import("./certificate.ts");
  return secure(files, options);
}

async function loadWeb({ options, intake }: ListenersOptions): Promise<Web> {
  const { WebListener } = await import("../net/web/listener.ts");
  const { asSocket } = await import("../net/web/adapter.ts");
  const { ASSETS } = await import("../page/assets.ts");
  const { JsonProtocol } = await import("../wire/json.ts");
  const { maxLine, maxPending, webOrigin, trustedProxy } = options;
  const web = await WebListener.create({
    maxLine,
    assets: ASSETS,
    origins: webOrigin,
    proxies: new Networks(trustedProxy),
    most: maxPending,
    serve: (connection, token) =>
      void intake.serve(connection, () => new JsonProtocol({ maxLine, token })),
  });
  return { serve: (connection) => web.take(asSocket(connection)), close: () => web.close() };
}
