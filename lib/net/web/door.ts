// The web door: an HTTP server for the page, and for the WebSockets that it and bots open.

import type { Buffer } from "node:buffer";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { Socket } from "node:net";
// @ts-types="@types/ws"
import type { WebSocketServer } from "ws";
import type { Networks } from "../../chat/network.ts";
import { log } from "../../log.ts";
import { formatAddress, isLoopback, plainAddress } from "../address.ts";
import type { Asset } from "../../page/assets.ts";
import { HEADERS, isAllowedOrigin, originalAddress } from "./safety.ts";
import { Sessions, type SessionsOptions } from "./sessions.ts";

/** What the door is given. */
export interface WebOptions extends SessionsOptions {
  /** By path. */
  readonly assets: ReadonlyMap<string, Asset>;
  /** Origins besides its own whose pages may talk to it. */
  readonly origins: readonly string[];
  /** Whose word is taken for where a connection comes from. */
  readonly proxies: Networks;
}

/** Where WebSockets are opened. */
const PATH = "/ws";
/** Bytes of the longest message, in one frame or in fragments: longer ones are refused with 1009. */
const LONGEST = 4096;
/** How the WebSocket library is to work; an app has a second to answer the end. */
const SOCKETS = {
  noServer: true,
  maxPayload: LONGEST,
  perMessageDeflate: false,
  clientTracking: false,
  closeTimeout: 1000,
};
/** Milliseconds that an HTTP connection may be silent. */
const SILENT = 10_000;

/** A web door. */
export class WebDoor {
  readonly #options: WebOptions;
  readonly #server: Server;
  readonly #sockets: WebSocketServer;
  readonly #sessions: Sessions;

  /** Opens one; the WebSocket library is loaded by it, since it looks at the environment. */
  static async create(options: WebOptions): Promise<WebDoor> {
    // @ts-types="@types/ws"
    const { WebSocketServer } = await import("ws");
    return new WebDoor(options, new WebSocketServer(SOCKETS));
  }

  private constructor(options: WebOptions, sockets: WebSocketServer) {
    this.#options = options;
    this.#sockets = sockets;
    this.#sessions = new Sessions(options);
    this.#server = createServer((request, response) => this.#answer(request, response));
    this.#server.on("upgrade", (request, socket: Socket, head) => {
      this.#upgrade(request, { socket, head });
    });
    this.#server.on("clientError", (_error, socket) => socket.destroy());
  }

  /** Takes over a socket, which may be one whose TLS handshake is done. */
  take(socket: Socket): void {
    socket.setTimeout(SILENT, () => socket.destroy());
    this.#server.emit("connection", socket);
    socket.resume();
  }

  /** The server stops: apps are told to try again later. */
  close(): void {
    this.#sessions.close();
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    const path = request.url?.replace(/\?.*$/s, "") ?? "/";
    const asset = this.#options.assets.get(path);
    const isRead = request.method === "GET" || request.method === "HEAD";
    const status = !isRead ? 405 : asset === undefined ? 404 : 200;
    const { type, body } = status === 200 && asset !== undefined
      ? asset
      : { type: "text/plain; charset=utf-8", body: `${status}: see /\n` };
    response.writeHead(status, { ...HEADERS, "content-type": type, "cache-control": "no-cache" });
    response.end(request.method === "HEAD" ? undefined : body);
  }

  #upgrade(request: IncomingMessage, { socket, head }: { socket: Socket; head: Buffer }): void {
    const { headers } = request;
    const peer = plainAddress(socket.remoteAddress ?? "");
    const remote = formatAddress(peer, socket.remotePort ?? 0);
    const refuse = (status: string, why: string) => {
      log.info("refuse {remote}: {why}", { remote, why });
      socket.end(`HTTP/1.1 ${status}\r\nconnection: close\r\ncontent-length: 0\r\n\r\n`);
    };
    if (request.url?.replace(/\?.*$/s, "") !== PATH) return refuse("404 Not Found", "no such path");
    const { origins, proxies } = this.#options;
    if (!isAllowedOrigin(headers.origin, { host: headers.host, allowed: origins })) {
      return refuse("403 Forbidden", `a page from ${headers.origin} is not allowed to talk to it`);
    }
    socket.setTimeout(0);
    socket.setNoDelay(true);
    const forwarded = String(headers["x-forwarded-for"] ?? "") || undefined;
    const address = originalAddress(peer, { forwarded, proxies });
    // A proxy that is trusted says too how it was spoken to.
    const isSecure = "encrypted" in socket ||
      address !== peer && headers["x-forwarded-proto"] === "https";
    const isPrivate = isSecure || isLoopback(address);
    this.#sockets.handleUpgrade(request, socket, head, (ws) => {
      this.#sessions.greet({ ws, socket }, {
        address,
        remote: address === peer ? remote : `${address} by ${remote}`,
        isPrivate,
      });
    });
  }
}
