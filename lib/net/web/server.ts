// HTTP/1.1 over connections: the page's files, and WebSockets, which are handed on. A connection's requests
// are answered in order, one at a time, and nothing is read while an answer waits for its peer.

import type { Networks } from "../../chat/address.ts";
import { yieldToEventLoop } from "../../std/event_loop.ts";
import { delay } from "../../std/typed.ts";
import { type Connection, isPeerFault, type Origin } from "../connection.ts";
import { PendingConnections } from "../pending_connections.ts";
import { TokenBucket } from "../token_bucket.ts";
import { Place } from "./place.ts";
import { BadRequest, type HttpRequest, RequestReader } from "./request.ts";
import { type Answer, encode, plainAnswer } from "./response.ts";
import type { Upgrade } from "./upgrade.ts";
import { Proxies } from "./who.ts";

/** What answers requests. */
export interface Answerer {
  /** The answer to a request; undefined if it opens a WebSocket. */
  answer(request: HttpRequest, who: Origin): Promise<Answer | undefined> | Answer | undefined;
}

/** Options of the HTTP server. */
export interface HttpOptions {
  readonly site: Answerer;
  /** Proxies that are trusted to say where a request comes from. */
  readonly proxies: Networks;
  /** Times other than the usual ones; for tests. */
  readonly times?: Partial<Times>;
  /** Takes over a connection that asks for a WebSocket. */
  readonly upgrade: (connection: Connection, upgrade: Upgrade) => void;
}

/** Limits of connections that are not WebSockets: browsers open a few at once, offices many. */
const PENDING = { most: 1000, mostPerNetwork: 200, deadlineMs: 10_000 };
/** Milliseconds. */
interface Times {
  /** For a request. */
  readonly request: number;
  /** Until the next request begins. */
  readonly idle: number;
  /** Until an answer is taken. */
  readonly answer: number;
  /** For what a peer still sends after the last answer. */
  readonly rest: number;
}

const LATE = new BadRequest(408, "the request took too long");
const USUAL: Times = { request: 10_000, idle: 10_000, answer: 30_000, rest: 2000 };
/** Most requests of one connection. */
const MOST_REQUESTS = 1000;
/** Requests that a connection may send a second, and at once before that. Proxies send those of many. */
const RATE = { rate: 10, burst: 100 };
/** Bytes of an answer that count as much as a request: what a peer does not take fills the system's memory. */
const UNIT = 4096;
/** Most bytes that are read and dropped after the last answer. */
const MOST_DROPPED = 1024 * 1024;

/** The server. */
export class HttpServer {
  readonly #options: HttpOptions;
  readonly #proxies: Proxies;
  readonly #times: Times;
  readonly #pending = new PendingConnections(PENDING);
  readonly #stop = new AbortController();

  constructor(options: HttpOptions) {
    this.#options = options;
    this.#proxies = new Proxies(options.proxies);
    this.#times = { ...USUAL, ...options.times };
  }

  /** Answers a connection's requests; resolves once it has ended or was handed on. */
  async serve(connection: Connection): Promise<void> {
    if (this.#stop.signal.aborted) return connection.close();
    // A proxy's connections are those of many people.
    const isProxy = this.#proxies.has(connection.address);
    const share = isProxy ? connection.remote : connection.address;
    const place = new Place(connection, { pending: this.#pending, share });
    const reader = new RequestReader(connection);
    try {
      const bucket = isProxy ? undefined : new TokenBucket(RATE, performance.now());
      await this.#talk(connection, { reader, place, bucket });
    } catch (error) {
      connection.close();
      if (!isPeerFault(error)) throw error;
    } finally {
      place.leave();
      reader.release();
    }
  }

  /** The server stops: whoever waits for an answer, or is about to ask, is cut off. */
  close(): void {
    this.#stop.abort();
    this.#pending.clear();
  }

  async #talk(
    connection: Connection,
    { reader, place, bucket }: {
      reader: RequestReader;
      place: Place;
      bucket: TokenBucket | undefined;
    },
  ): Promise<void> {
    const times = this.#times;
    let asked: Promise<HttpRequest | BadRequest> | undefined, answered = 0;
    for (let left = MOST_REQUESTS; left > 0; left--) {
      if (!reader.hasBegun) place.enter(left === MOST_REQUESTS ? times.request : times.idle);
      if (!await reader.begins()) break;
      const late = Promise.withResolvers<BadRequest>();
      place.stay(times.request, { late: () => late.resolve(LATE) });
      asked = reader.next();
      const request = await Promise.race([asked, late.promise]);
      place.stay(times.answer, { isAnswering: true });
      const wait = bucket?.take(performance.now(), 1 + Math.floor(answered / UNIT)) ?? 0;
      if (wait > 0) await this.#waitForRate(wait);
      if (request instanceof BadRequest) {
        await send(connection, plainAnswer(request.status, request.why), { isLast: true });
        break;
      }
      const who = this.#proxies.senderOf(connection, request.headers);
      const answer = await this.#options.site.answer(request, who);
      if (answer === undefined) {
        place.leave();
        return this.#options.upgrade(connection, { request, head: reader.rest.slice(), who });
      }
      const isLast = request.isLast || left === 1;
      answered = await send(connection, answer, { isLast, isHead: request.method === "HEAD" });
      if (isLast) break;
      // Others have their turn before what came along with this request.
      if (reader.hasBegun) await yieldToEventLoop();
    }
    connection.endWrites();
    // If it closed while its peer still sends, the answer would be lost.
    place.stay(times.rest);
    // A late request is still being read.
    await asked;
    if (await reader.discard(MOST_DROPPED)) connection.endReads();
    else connection.close();
  }

  async #waitForRate(milliseconds: number): Promise<void> {
    const { signal } = this.#stop;
    try {
      await delay(milliseconds, { signal });
    } catch (error) {
      if (!signal.aborted) throw error;
    }
  }
}

/** Sends an answer; resolves with its size once the system has taken it. */
async function send(
  connection: Connection,
  answer: Answer,
  { isLast, isHead = false }: { isLast: boolean; isHead?: boolean },
): Promise<number> {
  const bytes = encode(answer, { isLast, isHead });
  let rest = bytes;
  while (rest.length > 0) rest = rest.subarray(await connection.write(rest));
  return bytes.length;
}
