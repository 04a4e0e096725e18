// A listener of Node's, for protocols that need its sockets. When the system has no file left, Deno's version
// of it silently stops accepting for good. So when nobody has connected for a while, it connects to itself,
// and listens anew if that is not accepted.

import { createServer, type Server, type Socket } from "node:net";
import { log } from "../log.ts";
import type { Metrics } from "../metrics.ts";
import { delay } from "../std/typed.ts";
import { isPeerFault } from "./connection.ts";

/** Options of a listener. */
export interface SocketListenerOptions {
  /** Takes over a socket, which is paused; not awaited. */
  readonly serve: (socket: Socket) => void;
  readonly metrics: Metrics;
}

/** Where to listen. */
export interface Where {
  readonly hostname: string;
  readonly port: number;
}

/** Milliseconds between two checks, and until a connection to itself must have been accepted. */
const LOOK = 5000, ANSWER = 1000;

/** Listens and accepts sockets. */
export class SocketListener {
  readonly #options: SocketListenerOptions;
  #server: Server;
  #where: Where = { hostname: "", port: 0 };
  #looking: ReturnType<typeof setInterval> | undefined;
  /** Whether anyone has connected since the last check. */
  #hasCome = false;
  /** A connection to itself: the port it comes from, once known, and what to call when it is accepted. */
  #knock: { readonly port: Promise<number>; readonly answer: () => void } | undefined;

  constructor(options: SocketListenerOptions) {
    this.#options = options;
    this.#server = this.#create();
  }

  /** Listens (0 takes a free port) and returns the address it got; rejects if it cannot. */
  async listen(where: Where): Promise<Deno.NetAddr> {
    await open(this.#server, where);
    const { address, port } = this.#server.address() as { address: string; port: number };
    this.#where = { hostname: where.hostname, port };
    this.#looking = setInterval(() => void this.#look(), LOOK);
    return { transport: "tcp", hostname: address, port };
  }

  /** Stops accepting. */
  close(): void {
    clearInterval(this.#looking);
    this.#looking = undefined;
    this.#server.close();
  }

  #create(): Server {
    const options = { allowHalfOpen: true, keepAlive: true, noDelay: true, pauseOnConnect: true };
    return createServer(options, (socket) => this.#accept(socket));
  }

  #accept(socket: Socket): void {
    this.#hasCome = true;
    const knock = this.#knock;
    if (knock === undefined) return this.#options.serve(socket);
    // It may be accepted before its own port is known; others can wait for that moment.
    void knock.port.then((port) => {
      if (socket.remotePort !== port) return this.#options.serve(socket);
      knock.answer();
      socket.destroy();
    });
  }

  async #look(): Promise<void> {
    if (this.#hasCome) {
      this.#hasCome = false;
    } else if (!await this.#isAnswering() && this.#looking !== undefined) {
      this.#options.metrics.acceptErrors++;
      log.warn("newcomers waited at port {port}: listening anew", { port: this.#where.port });
      await this.#reopen();
    }
  }

  /** Whether it accepts a connection to itself; also true if the system lacks the files to try. */
  async #isAnswering(): Promise<boolean> {
    const { hostname, port } = this.#where;
    const from = Promise.withResolvers<number>(), answered = Promise.withResolvers<boolean>();
    this.#knock = { port: from.promise, answer: () => answered.resolve(true) };
    try {
      using conn = await Deno.connect({ hostname: reachable(hostname), port });
      from.resolve(conn.localAddr.port);
      // Twice: after a long turn of the event loop the timer may fire before what has arrived is accepted.
      const late = delay(ANSWER / 2).then(() => delay(ANSWER / 2)).then(() => false);
      return await Promise.race([answered.promise, late]);
    } catch (error) {
      if (!isPeerFault(error)) throw error;
      return !(error instanceof Deno.errors.ConnectionRefused);
    } finally {
      from.resolve(0);
      this.#knock = undefined;
    }
  }

  /** Listens again at the same address; if that fails, the next check tries again. */
  async #reopen(): Promise<void> {
    this.#server.close();
    this.#server = this.#create();
    try {
      await open(this.#server, this.#where);
    } catch (error) {
      log.warn("cannot listen anew: {error}", { error: String(error) });
    }
  }
}

/** Starts a server. */
async function open(server: Server, { hostname, port }: Where): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen({ port, host: hostname }, () => {
      server.off("error", reject);
      resolve();
    });
  });
  server.on("error", (error) => log.warn("newcomers wait: {error}", { error: String(error) }));
}

/** The address at which this machine reaches a listener. */
function reachable(hostname: string): string {
  return hostname === "::" ? "::1" : hostname === "0.0.0.0" ? "127.0.0.1" : hostname;
}
