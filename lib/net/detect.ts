// Detection: looks at the first bytes of a connection and hands it to the row of the table that they match.
// Who says nothing for a moment is a person at a terminal, who waits for a greeting. A protocol is added as a
// row, in lib/cli/open_listeners.ts.

import type { Networks } from "../chat/address.ts";
import { log } from "../log.ts";
import { FirstBytes, type Match } from "../wire/first_bytes.ts";
import { isPeerFault } from "./connection.ts";
import type { PeekedConnection, PendingRead } from "./peeked.ts";
import { type EvictReason, PendingConnections, type PendingLimits } from "./pending_connections.ts";

/** A protocol that a connection may speak. */
export interface Row {
  /** Its name, for the log. */
  readonly name: string;
  /** Whether first bytes are its. */
  readonly matches: (first: FirstBytes) => Match;
  /** Takes over a connection; not awaited, and must not reject for a peer's fault. */
  readonly serve: (connection: PeekedConnection) => Promise<void> | void;
}

/** Options of detection. */
export interface DetectionOptions {
  /** The protocols, in the order in which they are asked. */
  readonly rows: readonly Row[];
  /** What everything else is. */
  readonly lines: Row["serve"];
  /** Milliseconds after which a connection that has said nothing speaks lines. */
  readonly silence?: number;
  /** Bounds of the connections that are not decided yet. */
  readonly pending?: PendingLimits;
  /** Proxies, each of whose connections counts as one of its own network. */
  readonly proxies?: Networks;
}

/** Milliseconds of silence after which somebody waits for a greeting. */
const SILENCE = 500;
/** Milliseconds that a timer is late at most, unless the machine or the event loop stood still. */
const LATE = 20;
/** Milliseconds in which what arrived meanwhile is read. */
const CATCH_UP = 50;
/** Connections whose first line is awaited: browsers open a few at once, offices many. */
const PENDING: PendingLimits = { most: 4000, mostPerNetwork: 1000, deadlineMs: 10_000 };
/** Most bytes of a first line. */
const MOST = 8192;
/** Bytes of the first read, which is held for long if nothing comes, and of the others. */
const READ = 64, READ_MORE = 2048;
const NOTHING = new Uint8Array(0);
const WHY: Readonly<Record<EvictReason, string>> = {
  late: "no whole first line in time",
  crowded: "others came, and it had waited longest",
  stopping: "the server stops",
};

/** A connection that is not decided yet. */
interface Undecided {
  readonly connection: PeekedConnection;
  first: FirstBytes | undefined;
  /** When its silence is over, by `performance.now`. */
  readonly due: number;
  /** What was read; and the read under way. */
  bytes: Uint8Array;
  reading: Reading | undefined;
  leave: () => void;
}

/** A read for detection. Its owner is taken away once a protocol takes over, so that it keeps nothing else. */
interface Reading extends PendingRead {
  owner: Undecided | undefined;
}

/** Detects what connections speak. */
export class Detection {
  readonly #options: DetectionOptions;
  readonly #silence: number;
  readonly #pending: PendingConnections;
  /** Those whose silence is not over, oldest first; one timer serves them all. */
  readonly #silent = new Set<Undecided>();
  #timer: ReturnType<typeof setTimeout> | undefined;
  #isClosed = false;

  constructor(options: DetectionOptions) {
    this.#options = options;
    this.#silence = options.silence ?? SILENCE;
    this.#pending = new PendingConnections(options.pending ?? PENDING);
  }

  /** Takes a connection, and passes it on once it is known what it speaks. */
  serve(connection: PeekedConnection): void {
    // It may be accepted, or its handshake end, in the very turn in which the server stops.
    if (this.#isClosed) return connection.close();
    const one: Undecided = {
      connection,
      first: undefined,
      due: performance.now() + this.#silence,
      ...{ bytes: NOTHING, reading: undefined, leave: () => {} },
    };
    const { address, remote } = connection;
    const share = this.#options.proxies?.has(address) ? remote : address;
    one.leave = this.#pending.enter(share, (why) => this.#evict(one, why));
    this.#silent.add(one);
    this.#timer ??= setTimeout(() => this.#tick(), this.#silence);
    this.#read(one);
  }

  /** Ends the connections that are not decided yet, and those that still come. */
  close(): void {
    this.#isClosed = true;
    clearTimeout(this.#timer);
    for (const one of this.#silent) this.#end(one);
    this.#pending.clear();
  }

  #read(one: Undecided): void {
    const buffer = new Uint8Array(one.bytes === NOTHING ? READ : READ_MORE);
    const reading: Reading = { buffer, count: one.connection.read(buffer), owner: one };
    one.reading = reading;
    reading.count.then(
      (count) => reading.owner === undefined || this.#take(reading.owner, buffer, count),
      (error) => reading.owner === undefined || this.#fail(reading.owner, error),
    );
  }

  #take(one: Undecided, buffer: Uint8Array, count: number | null): void {
    const part = buffer.subarray(0, count ?? 0);
    const first = one.first ??= new FirstBytes(MOST);
    one.reading = undefined;
    one.bytes = joined(one.bytes, part);
    first.add(part);
    if (count === null && one.bytes.length === 0) return this.#end(one);
    const row = this.#rowOf(first, count === null);
    if (row !== undefined) this.#pass(one, row);
    else if (one.bytes.length >= MOST) this.#pass(one, this.#likely(one) ?? "lines");
    else this.#read(one);
  }

  #fail(one: Undecided, error: unknown): void {
    if (!isPeerFault(error)) throw error;
    this.#end(one);
  }

  /** Whose bytes these are, if it is certain. */
  #rowOf(first: FirstBytes, isEnd: boolean): Row | "lines" | undefined {
    const { rows } = this.#options;
    if (isEnd) {
      const begun = rows.find(({ matches }) => matches(first) === "likely");
      if (begun !== undefined) return begun;
      first.end();
    }
    let areLines = true;
    for (const row of rows) {
      const match = row.matches(first);
      if (match === "yes") return row;
      if (match !== "no") areLines = false;
    }
    return areLines || isEnd ? "lines" : undefined;
  }

  #likely({ first }: Undecided): Row | undefined {
    if (first === undefined) return undefined;
    return this.#options.rows.find(({ matches }) => matches(first) === "likely");
  }

  #pass(one: Undecided, row: Row | "lines"): void {
    const { connection, bytes, reading } = one;
    this.#forget(one);
    connection.unread(bytes, reading);
    // Not awaited: it lasts as long as the connection. It rejects only on a bug, which then crashes.
    void (row === "lines" ? this.#options.lines(connection) : row.serve(connection));
  }

  #evict(one: Undecided, why: EvictReason): void {
    // One that is silent waits for a greeting, most likely, and nobody has to wait for its bytes.
    if (this.#silent.has(one) && one.bytes === NOTHING) return this.#pass(one, "lines");
    const { remote } = one.connection;
    log.info("close {remote}: {why}", { remote, why: WHY[why] });
    this.#end(one);
  }

  #end(one: Undecided): void {
    this.#forget(one);
    one.connection.close();
  }

  #forget(one: Undecided): void {
    if (one.reading !== undefined) one.reading.owner = undefined;
    one.leave();
    this.#silent.delete(one);
  }

  /** The silence of the oldest is over. */
  #tick(): void {
    this.#timer = undefined;
    const now = performance.now();
    const over: Undecided[] = [];
    for (const one of this.#silent) {
      if (one.due > now) {
        this.#timer = setTimeout(() => this.#tick(), one.due - now);
        break;
      }
      over.push(one);
    }
    const greet = () => {
      for (const one of over) this.#greet(one);
    };
    // After a stop of the machine, or a long turn of the event loop, timers fire before what has arrived meanwhile
    // is read; and it takes some turns until it has come through TLS.
    if (over.some(({ due }) => now - due > LATE)) setTimeout(greet, CATCH_UP);
    else setImmediate(greet);
  }

  /** Hands over one whose silence is over, unless the rest of what no person types is awaited. */
  #greet(one: Undecided): void {
    if (!this.#silent.delete(one)) return;
    if (this.#likely(one) === undefined) this.#pass(one, "lines");
  }
}

function joined(bytes: Uint8Array, more: Uint8Array): Uint8Array {
  if (bytes.length === 0) return more;
  const both = new Uint8Array(bytes.length + more.length);
  both.set(bytes);
  both.set(more, bytes.length);
  return both;
}
