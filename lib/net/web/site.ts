// What is answered to a request: the page's files, or why there are none for it.

import { log } from "../../log.ts";
import type { Asset } from "../../page/assets.ts";
import type { Origin } from "../connection.ts";
import { Files } from "./files.ts";
import { hasWord, type HttpRequest } from "./request.ts";
import { type Answer, hasAlready, HSTS, OPENER, plainAnswer, takesGzip } from "./response.ts";
import { isAllowedOrigin, isKnownHost, nameOf } from "./safety.ts";

/** Options of the site. */
export interface SiteOptions {
  /** The page's files, by path. */
  readonly assets: ReadonlyMap<string, Asset>;
  /** Other origins whose pages may connect. */
  readonly origins: readonly string[];
  /** Names of this server that anyone could register: its machine's, its certificate's, those of `--web-name`. */
  readonly names: () => readonly string[];
  /** Whether only encrypted requests are answered. */
  readonly isTlsOnly: boolean;
}

/** The path for WebSockets. */
const PATH = "/ws";
const NOT_ALLOWED = "pages of that site may not connect, unless bobchat starts with --web-origin";

/** The page and the way to its WebSocket. */
export class Site {
  readonly #options: SiteOptions;
  readonly #files: Files;
  /** Hosts of the origins that may connect. */
  readonly #hosts: readonly string[];

  constructor(options: SiteOptions) {
    this.#options = options;
    this.#files = new Files(options.assets);
    this.#hosts = options.origins.map((origin) => new URL(origin).host);
  }

  /** The answer to a request; undefined if it opens a WebSocket. */
  async answer(request: HttpRequest, who: Origin): Promise<Answer | undefined> {
    const answer = await this.#find(request, who);
    if (answer === undefined || !who.isSecure) return answer;
    const { isTlsOnly } = this.#options;
    return { ...answer, fields: answer.fields + OPENER + (isTlsOnly ? HSTS : "") };
  }

  async #find(request: HttpRequest, who: Origin): Promise<Answer | undefined> {
    const { method, path, headers } = request;
    const { isTlsOnly, names } = this.#options;
    const host = headers.get("host");
    // A browser always names it.
    if (host !== undefined && !isKnownHost(host, [...names(), ...this.#hosts])) {
      return refuse(who, plainAnswer(421, notMine(nameOf(host))), `it asks for ${host}`);
    }
    if (isTlsOnly && !who.isSecure) return toHttps(request);
    if (hasWord(headers.get("upgrade"), "websocket")) return this.#openSocket(request, who);
    if (method !== "GET" && method !== "HEAD") return plainAnswer(405, "see /");
    if (path === PATH) {
      const upgrade = { upgrade: "websocket", connection: "upgrade" };
      return plainAnswer(426, "only WebSockets are here; the page is at /", upgrade);
    }
    const file = await this.#files.get(path);
    if (file === undefined) return plainAnswer(404, "see /");
    const { body, fields, etag } = takesGzip(request) ? file.gzip : file.plain;
    if (hasAlready(request, etag)) return { status: 304, fields, body: undefined };
    return { status: 200, fields, body };
  }

  /** Undefined if a request may open a WebSocket, or else why not. */
  #openSocket(request: HttpRequest, who: Origin): Answer | undefined {
    const { method, path, headers, isLast } = request;
    const origin = headers.get("origin"), host = headers.get("host");
    const { origins: allowed } = this.#options;
    if (path !== PATH) return refuse(who, plainAnswer(404, "see /"), "no such path");
    if (!isAllowedOrigin(origin, { host, isSecure: who.isSecure, allowed })) {
      const why = `a page from ${origin} is not allowed to talk to it`;
      return refuse(who, plainAnswer(403, NOT_ALLOWED), why);
    }
    if (headers.get("sec-websocket-version") !== "13") {
      const answer = plainAnswer(426, "use version 13", { "sec-websocket-version": "13" });
      return refuse(who, answer, "it has another version of WebSockets");
    }
    const isWhole = method === "GET" && !isLast && hasWord(headers.get("connection"), "upgrade") &&
      /^[+/\dA-Za-z]{22}==$/.test(headers.get("sec-websocket-key") ?? "");
    if (isWhole) return undefined;
    return refuse(who, plainAnswer(400, "that opens no WebSocket"), "its handshake is wrong");
  }
}

/** Logs why a request is refused. */
function refuse({ remote }: Origin, answer: Answer, why: string): Answer {
  log.info("refuse {remote}: {why}", { remote, why });
  return answer;
}

/** What to say to whoever asks for a name that may be another site's. */
function notMine(name: string): string {
  return `this bobchat does not know the name ${name}.\n\n` +
    "If it is a name of this server, start bobchat with one more option:\n\n" +
    `    --web-name ${name}`;
}

/** Where to go instead if only encrypted requests are answered. */
function toHttps({ headers, target, path }: HttpRequest): Answer {
  const host = headers.get("host");
  if (host === undefined) return plainAnswer(426, "this server speaks https alone");
  const location = `https://${host}${target.startsWith("/") ? target : path}`;
  return plainAnswer(308, `see ${location}`, { location });
}
