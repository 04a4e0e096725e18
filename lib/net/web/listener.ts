// The web listener: an HTTP server for the page, and for WebSockets from pages and bots.

import type { Buffer } from "node:buffer";
import { createServer, type IncomingMessage, type Server, ServerResponse } from "node:http";
import type { Socket } from "node:net";
import { formatAddress, isLoopback, type Networks, plainAddress } from "../../chat/address.ts";
import { log } from "../../log.ts";
import type { Asset } from "../../page/assets.ts";
import { PendingConnections } from "../pending_connections.ts";
import { ForwardingWarnings, HEADERS, isAllowedOrigin, originalAddress } from "./safety.ts";
import { SocketConnection } from "../socket.ts";
import type { Who } from "./session.ts";
import { Sessions, type SessionsOptions } from "./sessions.ts";

/** Options of the web listener. */
export interface WebOptions extends SessionsOptions {
  /** The page's files, by path. */
  readonly assets: ReadonlyMap<string, Asset>;
  /** Other origins whose pages may connect. */
  readonly origins: readonly string[];
  /** Proxies that are trusted to say where a connection comes from. */
  readonly proxies: Networks;
}

/** The path for WebSockets. */
const PATH = "/ws";
/** Limits of connections without a request, or without a join: browsers open a few at once, offices many. */
const WAITING = { most: 1000, mostPerNetwork: 200, deadlineMs: 10_000 };

/** A connection on which nobody has joined yet, and where it comes from. */
interface PendingVisitor {
  /** Call this once it has sent a request for a WebSocket. */
  readonly isIn: () => void;
  readonly peer: string;
  readonly remote: string;
  readonly tcp: Socket;
}

/** A web listener. */
export class WebListener {
  readonly #options: WebOptions;
  readonly #server: Server;
  readonly #sessions: Sessions;
  readonly #waiting = new PendingConnections(WAITING);
  readonly #visitors = new WeakMap<Socket, PendingVisitor>();
  readonly #warnings = new ForwardingWarnings();
  #isStopping = false;

  /** Makes one. */
  static async create(options: WebOptions): Promise<WebListener> {
    return new WebListener(options, await Sessions.create(options));
  }

  private constructor(options: WebOptions, sessions: Sessions) {
    this.#options = options;
    this.#sessions = sessions;
    this.#server = createServer((request, response) => this.#answer(request, response));
    this.#server.on("upgrade", (request, socket: Socket, head) => {
      this.#upgrade(request, { socket, head });
    });
    this.#server.on("clientError", (_error, socket) => socket.destroy());
  }

  /** Takes over a socket, which may be a secure one on top of another. */
  take(socket: Socket, tcp = socket): void {
    // For as long as it is open: Node's server stops listening for errors once it passes on an upgrade.
    socket.on("error", () => socket.destroy());
    const { remoteAddress, remotePort = 0 } = socket;
    // It is gone already, and where its bytes came from is unknown.
    if (remoteAddress === undefined) return void socket.destroy();
    const peer = plainAddress(remoteAddress), remote = formatAddress(peer, remotePort);
    // A proxy's connections are those of many people.
    const share = this.#options.proxies.has(peer) ? remote : peer;
    const isIn = this.#waiting.enter(share, () => void socket.destroy());
    this.#visitors.set(socket, { peer, remote, tcp, isIn });
    socket.once("close", isIn);
    // A client that has sent a request may end first, and is answered; one that has not is closed.
    socket.once("end", () => socket.bytesRead === 0 && socket.destroy());
    this.#server.emit("connection", socket);
    socket.resume();
  }

  /** The server stops: apps are told to try again later. */
  close(): void {
    this.#isStopping = true;
    this.#sessions.close();
    this.#waiting.clear();
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    const path = request.url?.replace(/\?.*$/s, "") ?? "/";
    const asset = this.#options.assets.get(path);
    const isRead = request.method === "GET" || request.method === "HEAD";
    const status = !isRead ? 405 : asset === undefined ? 404 : 200;
    const { type, body } = status === 200 && asset !== undefined
      ? asset
      : { type: "text/plain; charset=utf-8", body: `${status}: see /\n` };
    const allow = status === 405 ? { allow: "GET, HEAD" } : {};
    const headers = { ...HEADERS, "content-type": type, "cache-control": "no-cache", ...allow };
    response.writeHead(status, headers);
    response.end(request.method === "HEAD" ? undefined : body);
  }

  #upgrade(request: IncomingMessage, { socket, head }: { socket: Socket; head: Buffer }): void {
    const { headers } = request;
    const visitor = this.#visitors.get(socket);
    if (visitor === undefined || socket.destroyed) return;
    if (headers.upgrade?.toLowerCase() !== "websocket") {
      return this.#answer(request, responseOn(socket, request));
    }
    const who = this.#identify(request, visitor);
    const flaw = this.#flawOf(request, who);
    if (flaw !== undefined) {
      log.info("refuse {remote}: {why}", { remote: who.remote, why: flaw.why });
      responseOn(socket, request).writeHead(flaw.status, HEADERS).end();
      return;
    }
    socket.setNoDelay(true);
    visitor.isIn();
    const connection = new SocketConnection(socket, { ...who, tcp: visitor.tcp });
    const lower = new Map(Object.entries(headers).map(([name, value]) => [name, String(value)]));
    const { method = "" } = request;
    this.#sessions.accept(connection, { method, headers: lower }, head, who);
  }

  /** Why a request for a WebSocket is refused, if it is. */
  #flawOf(
    { url, headers: { origin, host } }: IncomingMessage,
    { isSecure }: Who,
  ): { status: number; why: string } | undefined {
    const { origins: allowed } = this.#options;
    if (this.#isStopping) return { status: 503, why: "it stops" };
    if (url?.replace(/\?.*$/s, "") !== PATH) return { status: 404, why: "no such path" };
    if (isAllowedOrigin(origin, { host, isSecure, allowed })) return undefined;
    return { status: 403, why: `a page from ${origin} is not allowed to talk to it` };
  }

  /** Who sent a request, by the network and by trusted proxies. */
  #identify({ headers, socket }: IncomingMessage, { peer, remote }: PendingVisitor): Who {
    const { proxies } = this.#options;
    // Node joins several of these headers.
    const forwarded = headers["x-forwarded-for"]?.toString();
    const isTrusted = proxies.has(peer);
    if (forwarded !== undefined && !isTrusted) this.#warnings.note(peer);
    const address = originalAddress(peer, { forwarded, proxies });
    // A trusted proxy also says how its client connected.
    const isSecure = "encrypted" in socket ||
      isTrusted && headers["x-forwarded-proto"] === "https";
    return {
      address,
      remote: address === peer ? remote : `${address} by ${remote}`,
      isSecure,
      // What a proxy forwards came from elsewhere, even if the proxy is on this machine.
      isPrivate: isSecure || isLoopback(address) && forwarded === undefined,
    };
  }
}

/** A response to a request that Node's server has passed on; it ends the connection. */
function responseOn(socket: Socket, request: IncomingMessage): ServerResponse {
  const response = new ServerResponse(request);
  response.shouldKeepAlive = false;
  response.assignSocket(socket);
  response.once("finish", () => socket.end());
  return response;
}
