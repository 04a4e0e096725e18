// WebSockets over connections, as the library has them: over streams of Node's.

import { Buffer } from "node:buffer";
import type { IncomingMessage } from "node:http";
import type { Socket } from "node:net";
import { Duplex } from "node:stream";
// @ts-types="@types/ws"
import { WebSocketServer } from "ws";
import { longestMessage } from "../../wire/json.ts";
import type { Connection } from "../connection.ts";
import { PendingConnections } from "../pending_connections.ts";
import type { HttpRequest } from "./request.ts";
import type { Sessions } from "./sessions.ts";
import type { Who } from "./who.ts";

const OPTIONS = {
  noServer: true,
  maxFragments: 256,
  perMessageDeflate: false,
  clientTracking: false,
  closeTimeout: 1000,
};
const WAITING = { most: 1000, mostPerNetwork: 200, deadlineMs: 10_000 };

/** Opens WebSockets for sessions. */
export class Sockets {
  readonly #server: WebSocketServer;
  readonly #sessions: Sessions;
  readonly #waiting = new PendingConnections(WAITING);

  constructor(sessions: Sessions, maxLine: number) {
    this.#sessions = sessions;
    this.#server = new WebSocketServer({ ...OPTIONS, maxPayload: longestMessage(maxLine) });
  }

  close(): void {
    this.#sessions.close();
    this.#waiting.clear();
  }

  accept(connection: Connection, request: HttpRequest, head: Uint8Array, who: Who): void {
    const socket = new Stream(connection) as unknown as Socket;
    const message = { method: "GET", url: PATH, headers: Object.fromEntries(request.headers) };
    socket.on("error", () => socket.destroy());
    let evict: (why: "late" | "crowded") => void = () => void socket.destroy();
    const isIn = this.#waiting.enter(who.address, (why) => evict(why));
    socket.once("close", isIn);
    const guest = { isIn, onEvicted: (run: typeof evict) => void (evict = run) };
    const done = (ws: unknown) =>
      this.#sessions.greet({ ws: ws as never, socket, tcp: socket }, { who, guest });
    this.#server.handleUpgrade(message as IncomingMessage, socket, Buffer.from(head), done);
  }
}

const PATH = "/ws";

class Stream extends Duplex {
  readonly #connection: Connection;
  readonly #buffer = new Uint8Array(4096);

  constructor(connection: Connection) {
    super();
    this.#connection = connection;
  }

  override _read(): void {
    this.#connection.read(this.#buffer).then(
      (count) => this.push(count === null ? null : Buffer.from(this.#buffer.slice(0, count))),
      (error) => this.destroy(error),
    );
  }

  override _write(chunk: Uint8Array, _encoding: string, done: (error?: Error) => void): void {
    this.#writeAll(chunk).then(() => done(), done);
  }

  override _final(done: () => void): void {
    this.#connection.endWrites();
    done();
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.#connection.close();
    done(error);
  }

  resetAndDestroy(): void {
    this.#connection.close(true);
    this.destroy();
  }

  setTimeout(): void {}

  setNoDelay(): void {}

  async #writeAll(chunk: Uint8Array): Promise<void> {
    for (let rest = chunk; rest.length > 0;) {
      rest = rest.subarray(await this.#connection.write(rest));
    }
  }
}
