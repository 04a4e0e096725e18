// Opens all listeners that the options ask for, and says what they speak: the table of detection.

import { Networks } from "../chat/address.ts";
import { log } from "../log.ts";
import type { Metrics } from "../metrics.ts";
import { Browsers } from "../net/browsers.ts";
import type { Connection } from "../net/connection.ts";
import { Detection, type Row } from "../net/detect.ts";
import { dismiss } from "../net/dismiss.ts";
import type { Intake } from "../net/intake.ts";
import type { PeekedConnection } from "../net/peeked.ts";
import { ProxyHeaders } from "../net/proxy.ts";
import { accept } from "../net/tcp.ts";
import type { TlsOptions } from "../net/tls.ts";
import { POLICY } from "../net/web/codes.ts";
import { classicProtocol } from "../wire/classic.ts";
import { toBytes } from "../wire/chunk.ts";
import { isHttp, isJson, isProxy, isSsh, isTls } from "../wire/first_bytes.ts";
import { LINE_ENCODER } from "../wire/json_frames.ts";
import { LineProtocol } from "../wire/line.ts";
import type { Secure } from "./certificate.ts";
import { listen } from "./listeners.ts";
import type { Options } from "./options.ts";
import type { TlsFiles } from "./tls_files.ts";
import type { Web } from "./web.ts";

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
  readonly reload: ((options: Options) => void) | undefined;
}

/** Opens all listeners; they accept connections at once. Throws a `StartError`. */
export async function openListeners(parts: ListenersOptions): Promise<Listeners> {
  const { options, intake, metrics, stop } = parts;
  const listeners = listen(options);
  const { serve, reload } = options.classic
    ? {
      serve: (connection: Connection) =>
        intake.serve(connection, { makeProtocol: classicProtocol }),
    }
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
const NO_SSH = ENCODER.encode(
  "*** This is a chat room, and not SSH: join with nc, telnet, a browser or bobchat connect.\r\n",
);
const ENCRYPTED_ONLY = ENCODER.encode(
  "*** This server speaks TLS only: join with bobchat connect --tls, or ncat --ssl.\r\n",
);
const ENCRYPTED_ONLY_JSON = toBytes(
  LINE_ENCODER.encodeFrame({ type: "closed", code: POLICY, text: "This server speaks TLS only." }),
);

/** A fatal TLS alert: there is no certificate here, so no handshake. */
const ALERT = Uint8Array.of(0x15, 0x03, 0x01, 0x00, 0x02, 0x02, 0x28);

/** How connections are taken that may speak anything. */
async function detection(parts: ListenersOptions) {
  const { options, intake, metrics, stop } = parts;
  const { maxLine, tlsCert, tlsKey, tlsOnly } = options;
  const proxies = new Networks(options.trustedProxy);
  const browsers = new Browsers(() => performance.now());
  const secure = tlsCert === undefined || tlsKey === undefined ? undefined : await loadSecure(
    { cert: tlsCert, key: tlsKey },
    { serve: (connection) => inside.serve(connection), metrics },
  );
  const web = await loadWeb(parts, () => secure?.names ?? []);
  // A trusted proxy may say that it took care of encryption. HTTP says itself where to go instead.
  const encrypted = (serve: Row["serve"], words: Uint8Array): Row["serve"] => (connection) =>
    tlsOnly && !connection.isSecure ? dismiss(connection, words) : serve(connection);
  const lines = encrypted(
    (connection) =>
      intake.serve(connection, {
        makeProtocol: () => new LineProtocol(maxLine),
        announceIn: browsers.announceIn(connection.address),
      }),
    ENCRYPTED_ONLY,
  );
  const refuse = (words: Uint8Array) => (connection: Connection) => dismiss(connection, words);
  const proxy: Row = { name: "PROXY", matches: isProxy, serve: refuseProxy };
  const serveHttp = web.serveHttp ?? refuse(NO_PAGE);
  const http: Row = {
    name: "HTTP",
    matches: isHttp,
    serve: (connection) => {
      // A trusted proxy connects when it has a request: none of its connections is spare.
      if (!proxies.has(connection.address)) browsers.note(connection.address);
      return serveHttp(connection);
    },
  };
  const json: Row = {
    name: "JSON",
    matches: isJson,
    serve: encrypted(web.serveJsonLines, ENCRYPTED_ONLY_JSON),
  };
  const tls: Row = { name: "TLS", matches: isTls, serve: secure?.serve ?? refuseTls };
  const ssh: Row = { name: "SSH", matches: isSsh, serve: refuse(NO_SSH) };
  const inside = new Detection({ rows: [proxy, http, json, ssh], lines, proxies, browsers });
  const outside = new Detection({ rows: [proxy, tls, http, json, ssh], lines, proxies, browsers });
  const headers = options.proxyProtocol
    ? new ProxyHeaders({ proxies, serve: (connection) => outside.serve(connection) })
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

/** Without a certificate there is no handshake. */
function refuseTls(connection: Connection): Promise<void> {
  const { remote } = connection;
  log.info("no TLS with {remote}: that needs --tls-cert and --tls-key", { remote });
  return dismiss(connection, ALERT);
}

/** A header of the PROXY protocol counts only where it was agreed on. */
function refuseProxy(connection: Connection): void {
  const { remote } = connection;
  log.info("close {remote}: a PROXY header needs --proxy-protocol, and a --trusted-proxy", {
    remote,
  });
  connection.close();
}

// Loaded on demand: Node's TLS and HTTP would add 30 ms to every start.

async function loadSecure(files: TlsFiles, options: Omit<TlsOptions, "context">): Promise<Secure> {
  const { secure } = await import("./certificate.ts");
  return secure(files, options);
}

async function loadWeb(parts: ListenersOptions, certified: () => readonly string[]): Promise<Web> {
  const { openWeb } = await import("./web.ts");
  return await openWeb(parts, certified);
}
