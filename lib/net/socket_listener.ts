// A listener of Node's, for the listeners that need its sockets. When the system has no file left, Deno's
// version of it stops accepting for good and says nothing: so it knocks at its own listener now and then, when
// nobody else comes, and opens it anew where nobody answers.

import { createServer, type Server, type Socket } from "node:net";
import { log } from "../log.ts";
import type { Metrics } from "../metrics.ts";
import { delay } from "../std/typed.ts";
import { isPeerFault } from "./connection.ts";

/** What a listener is given. */
export interface SocketListenerOptions {
  /** Takes a socket over: paused, and not awaited. */
  readonly serve: (socket: Socket) => void;
  readonly metrics: Metrics;
}

/** Where to listen. */
export interface Where {
  readonly hostname: string;
  readonly port: number;
}

/** Milliseconds between two looks, and those that a knock has to be answered in. */
const LOOK = 5000, ANSWER = 1000;

/** Accepts sockets. */
export class SocketListener {
  readonly #options: SocketListenerOptions;
  #server: Server;
  #where: Where = { hostname: "", port: 0 };
  #looking: ReturnType<typeof setInterval> | undefined;
  /** Whether anyone came since the last look. */
  #hasCome = false;
  /** A knock: the port that it comes from, once that is known, and what its answer does. */
  #knock: { readonly port: Promise<number>; readonly answer: () => void } | undefined;

  constructor(options: SocketListenerOptions) {
    this.#options = options;
    this.#server = this.#create();
  }

  /** Listens, on a free port for 0; rejects where it cannot. Returns the address that it got. */
  async listen(where: Where): Promise<Deno.NetAddr> {
    await open(this.#server, where);
    const { address, port } = this.#server.address() as { address: string; port: number };
    this.#where = { hostname: where.hostname, port };
    this.#looking = setInterval(() => void this.#look(), LOOK);
    return { transport: "tcp", hostname: address, port };
  }

  /** Accepts no more. */
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
    // It may be here before it knows where it comes from; whoever else comes has a moment to wait.
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

  /** Whether a knock is answered; also where the system is too short of files to knock. */
  async #isAnswering(): Promise<boolean> {
    const { hostname, port } = this.#where;
    const from = Promise.withResolvers<number>(), answered = Promise.withResolvers<boolean>();
    this.#knock = { port: from.promise, answer: () => answered.resolve(true) };
    try {
      using conn = await Deno.connect({ hostname: reachable(hostname), port });
      from.resolve(conn.localAddr.port);
      // Twice: a long turn of the event loop may end with the timer before what has arrived is accepted.
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

  /** Listens again where it listened; what cannot be had now, the next look tries again. */
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

/** Has a server listen. */
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

/** An address by which a listener is reached from here. */
function reachable(hostname: string): string {
  return hostname === "::" ? "::1" : hostname === "0.0.0.0" ? "127.0.0.1" : hostname;
}
