// What the port of --status-port answers: whether the server lives and is ready, and its metrics. Loaded on demand.

import { formatAddress, Networks } from "../chat/address.ts";
import { log } from "../log.ts";
import type { Metrics } from "../metrics.ts";
import { type Format, formatFor, FORMATS, toText } from "../metrics/text.ts";
import { accept } from "../net/tcp.ts";
import type { HttpRequest } from "../net/web/request.ts";
import { type Answer, encodeFields, plainAnswer } from "../net/web/response.ts";
import { isKnownHost, nameOf } from "../net/web/safety.ts";
import { HttpServer } from "../net/web/server.ts";
import { listen } from "./listeners.ts";
import { machineNames } from "./machine_name.ts";
import type { Options } from "./options.ts";
import type { Readiness } from "./readiness.ts";

/** Options of the status port. */
export interface StatusOptions {
  readonly options: Pick<Options, "statusHost" | "webName"> & { readonly statusPort: number };
  readonly metrics: Metrics;
  readonly readiness: Readiness;
}

/** An open status port. */
export interface StatusPort {
  /** Answers nobody any more. */
  close(): Promise<void>;
}

/** Opens it. Throws a `StartError`. */
export function openStatusPort({ options, metrics, readiness }: StatusOptions): StatusPort {
  const { statusHost: host, statusPort: port, webName } = options;
  const listeners = listen({ host, port: [port] }, "--status-");
  const names = [...webName, ...machineNames()];
  const texts = new MetricsTexts({ metrics, now: () => performance.now() });
  const http = new HttpServer({
    site: { answer: (request) => answerStatus(request, { texts, readiness, names }) },
    proxies: new Networks([]),
    // Its answers open none.
    upgrade: (connection) => connection.close(),
  });
  const stop = new AbortController();
  const serve = http.serve.bind(http);
  const accepting = { serve, stop: stop.signal, metrics };
  const closed = Promise.all(listeners.map((listener) => accept(listener, accepting)));
  for (const { addr: { hostname, port } } of listeners) {
    log.info("status at {url}", { url: `http://${formatAddress(hostname, port)}/metrics` });
  }
  return {
    close: async () => {
      stop.abort();
      http.close();
      await closed;
    },
  };
}

/** Milliseconds for which all who ask are sent the same: with many connections, to ask costs less than to answer. */
const FRESH = 100;

/** The metrics as text, in both formats. */
export class MetricsTexts {
  readonly #options: { readonly metrics: Metrics; readonly now: () => number };
  readonly #texts = new Map<Format, { readonly at: number; readonly bytes: Uint8Array }>();

  /** `now` is in milliseconds, from a clock that never goes back. */
  constructor(options: { readonly metrics: Metrics; readonly now: () => number }) {
    this.#options = options;
  }

  /** The text in a format, which is not older than 0.1 s. */
  in(format: Format): Uint8Array {
    const { metrics, now } = this.#options;
    const at = now(), last = this.#texts.get(format);
    if (last !== undefined && at - last.at < FRESH) return last.bytes;
    const bytes = new TextEncoder().encode(toText(metrics.families(), format));
    this.#texts.set(format, { at, bytes });
    return bytes;
  }
}

/** What is asked about. */
interface Asked {
  readonly texts: MetricsTexts;
  readonly readiness: Readiness;
  readonly names: readonly string[];
}

/** The answer to a request. */
export function answerStatus(
  { method, path, headers }: Pick<HttpRequest, "method" | "path" | "headers">,
  { texts, readiness, names }: Asked,
): Answer {
  const host = headers.get("host");
  // Or else any site's page could read it, by a name that points here.
  if (host !== undefined && !isKnownHost(host, names)) {
    return plainAnswer(421, `this bobchat does not know the name ${nameOf(host)}: see --web-name`);
  }
  if (method !== "GET" && method !== "HEAD") return plainAnswer(405, "only GET and HEAD are known");
  switch (path) {
    case "/livez":
      return plainAnswer(200, "bobchat runs");
    case "/readyz": {
      const { trouble } = readiness;
      return trouble === undefined
        ? plainAnswer(200, "bobchat takes people")
        : plainAnswer(503, trouble);
    }
    case "/metrics": {
      const format = formatFor(headers.get("accept"));
      const fields = { "content-type": FORMATS[format], "cache-control": "no-store" };
      const body = texts.in(format);
      return { status: 200, fields: encodeFields({ ...fields, vary: "accept" }), body };
    }
    default:
      return plainAnswer(404, "see /livez, /readyz and /metrics");
  }
}
