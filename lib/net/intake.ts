// Where connections from every listener come in: counted, given a number, an outbox and a reader,
// watched by the clock, and let go.

import type { Event, Leave, MemberId } from "../chat/event.ts";
import type { Queue } from "../chat/queue.ts";
import { log } from "../log.ts";
import type { Metrics } from "../metrics.ts";
import { delay } from "../std/typed.ts";
import type { Protocol } from "../wire/protocol.ts";
import { type Connection, isPeerFault } from "./connection.ts";
import { TokenBucket } from "./limiter.ts";
import { Outbox } from "./outbox.ts";
import { Reader } from "./reader.ts";

/** What each connection may do; 0 is no limit where it says so. */
export interface Limits {
  /** Connections at once. */
  readonly maxClients: number;
  /** Connections at once from one address; 0: any. */
  readonly maxPerAddress: number;
  /** Bytes that may wait for a slow reader. */
  readonly maxPending: number;
  /** Milliseconds that a write may make no progress; 0: any. */
  readonly writeTimeout: number;
  /** Milliseconds that a connection may be silent; 0: any. */
  readonly idleTimeout: number;
  /** Messages a second; 0: any. */
  readonly rate: number;
  /** Messages that may come at once before the rate counts. */
  readonly burst: number;
}

/** What the intake is given. */
export interface IntakeOptions {
  readonly queue: Queue<Event>;
  /** A new connection's protocol. */
  readonly protocol: (id: MemberId) => Protocol;
  readonly limits: Limits;
  readonly metrics: Metrics;
  /** Once aborted, what has arrived is read without waiting for the rate. */
  readonly stop: AbortSignal;
}

/** An open connection; one that is being turned away has no reader. */
interface Session {
  readonly connection: Connection;
  readonly outbox: Outbox;
  readonly reader?: Reader;
}

/** Milliseconds between two looks at the deadlines, unless a shorter limit needs a shorter one. */
const TICK = 1000;
/** Milliseconds that readers may be quiet before all that had arrived counts as read, and at most. */
const QUIET = 30, QUIET_AT_MOST = 1000;

/** How a connection ended: `why` for the log, `said` for the others (nothing: a plain goodbye). */
type Ending = Pick<Leave, "why" | "said">;

/** All open connections. */
export class Intake {
  readonly #options: IntakeOptions;
  readonly #sessions = new Set<Session>();
  readonly #perAddress = new Map<string, number>();
  readonly #timer: ReturnType<typeof setInterval>;
  #lastId = 0;

  constructor(options: IntakeOptions) {
    this.#options = options;
    const { writeTimeout, idleTimeout } = options.limits;
    const shortest = Math.min(...[TICK, writeTimeout / 4, idleTimeout / 4].filter((ms) => ms > 0));
    this.#timer = setInterval(() => this.#tick(shortest), shortest);
  }

  /** Takes in a connection and sees it to its end. Rejects on a bug alone, never for a peer's fault. */
  async serve(connection: Connection): Promise<void> {
    const { limits, metrics, protocol: newProtocol } = this.#options;
    const refusal = this.#refusal(connection.address);
    if (refusal !== undefined) return await this.#turnAway(connection, refusal);
    const id = ++this.#lastId;
    const protocol = newProtocol(id);
    const outbox = this.#outbox(connection, protocol);
    const bucket = limits.rate > 0 ? new TokenBucket(limits, performance.now()) : undefined;
    const reader = new Reader(connection, { ...this.#options, id, protocol, outbox, bucket });
    const since = performance.now();
    metrics.connections++;
    log.info("connect guest{id} from {remote}", { id, remote: connection.remote });
    this.#count(connection.address, 1);
    await this.#during({ connection, outbox, reader }, async () => {
      const { audience, hears } = protocol;
      await this.#options.queue.push({ kind: "join", id, audience, outbox, hears });
      const ending = await readToEnd(reader, { connection, outbox });
      await this.#options.queue.push({ kind: "leave", id, ...ending });
    });
    this.#count(connection.address, -1);
    log.info(
      "disconnect {name} from {remote}: {why}, {seconds} s, {received} bytes in, {sent} out",
      {
        name: outbox.name,
        remote: connection.remote,
        why: outbox.why,
        seconds: Math.round((performance.now() - since) / 1000),
        received: reader.received,
        sent: outbox.sent,
      },
    );
  }

  /** Resolves once the readers have taken in what had arrived, or after a second of more arriving. */
  async quiet(): Promise<void> {
    const end = performance.now() + QUIET_AT_MOST;
    for (let before = -1; before !== this.#options.metrics.bytesIn && performance.now() < end;) {
      before = this.#options.metrics.bytesIn;
      await delay(QUIET);
    }
  }

  /** Waits for the connections to end; closes those that have not after `patience` milliseconds. */
  async close(patience: number): Promise<void> {
    const sessions = [...this.#sessions];
    const late = setTimeout(
      () => sessions.forEach(({ connection }) => connection.close()),
      patience,
    );
    await Promise.all(sessions.map(({ connection }) => connection.closed));
    clearTimeout(late);
    clearInterval(this.#timer);
  }

  /** Why this address cannot come in now, or nothing when it can. */
  #refusal(address: string): string | undefined {
    const { limits, metrics } = this.#options;
    if (this.#sessions.size >= limits.maxClients) {
      metrics.refusedFull++;
      return `The room is full (it holds ${limits.maxClients}): try again later`;
    }
    if (limits.maxPerAddress > 0 && (this.#perAddress.get(address) ?? 0) >= limits.maxPerAddress) {
      metrics.refusedAddress++;
      return `Your address has all the connections it may have (${limits.maxPerAddress}): close another one first`;
    }
  }

  async #turnAway(connection: Connection, refusal: string): Promise<void> {
    log.info("refuse {remote}: {refusal}", { remote: connection.remote, refusal });
    const outbox = this.#outbox(connection, this.#options.protocol(0));
    await this.#during({ connection, outbox }, async () => {
      outbox.evict("refused", refusal);
      // What it sends is read and thrown away, or closing would reset the line before it is seen.
      const unheard = new Uint8Array(1024);
      await readToEnd({
        run: async () => {
          while (await connection.read(unheard) !== null);
        },
      }, { connection, outbox });
    });
  }

  /** Keeps a session among the open ones while the work goes on and until its connection is closed. */
  async #during(session: Session, work: () => Promise<void>): Promise<void> {
    this.#sessions.add(session);
    await work();
    await session.connection.closed;
    this.#sessions.delete(session);
  }

  #outbox(connection: Connection, { audience }: Protocol): Outbox {
    const { limits, metrics } = this.#options;
    const farewell = (text: string) => audience.encode([{ kind: "notice", text }]);
    return new Outbox(connection, { ...limits, metrics, farewell });
  }

  #count(address: string, change: number): void {
    const count = (this.#perAddress.get(address) ?? 0) + change;
    if (count > 0) this.#perAddress.set(address, count);
    else this.#perAddress.delete(address);
  }

  #tick(elapsed: number): void {
    const { limits, metrics } = this.#options;
    for (const { outbox, reader } of this.#sessions) {
      outbox.tick(elapsed);
      if (reader === undefined || limits.idleTimeout === 0 || outbox.why !== undefined) continue;
      reader.silent += elapsed;
      if (reader.silent < limits.idleTimeout) continue;
      metrics.closedIdle++;
      outbox.evict(`silent for ${limits.idleTimeout / 1000} s`);
    }
  }
}

/** Reads until the peer has ended or failed, or was closed from here. */
async function readToEnd(
  reader: { run(): Promise<void> },
  { connection, outbox }: Pick<Session, "connection" | "outbox">,
): Promise<Ending> {
  try {
    await reader.run();
    connection.endReads();
    // A peer that was closed from here may end just as cleanly: the others are told why all the same.
    return outbox.why === undefined ? { why: "left" } : { why: outbox.why, said: outbox.why };
  } catch (error) {
    if (!isPeerFault(error)) throw error;
    connection.close();
    // Closed from here means that the outbox knows why; else the peer was reset or timed out.
    const why = outbox.why ?? "connection lost";
    return { why, said: why };
  }
}
