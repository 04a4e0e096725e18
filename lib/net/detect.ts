// Detection: looks at the first bytes of a connection and hands it to the row of the table that they match.
// Who says nothing for a moment is a person at a terminal, who waits for a greeting; where a browser was lately,
// it may be the browser's, and is given more time. A protocol is added as a row, in lib/cli/open_listeners.ts.

import type { Networks } from "../chat/address.ts";
import { log } from "../log.ts";
import { FirstBytes, type Match } from "../wire/first_bytes.ts";
import type { Browsers } from "./browsers.ts";
import { isPeerFault } from "./connection.ts";
import type { PeekedConnection, PendingRead } from "./peeked.ts";
import { type EvictReason, PendingConnections, type PendingLimits } from "./pending_connections.ts";
import { Waits } from "./waits.ts";

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
  /** Where browsers are. */
  readonly browsers: Pick<Browsers, "wereAt">;
  /** Milliseconds after which a connection that has said nothing speaks lines. */
  readonly silence?: number;
  /** How many more it has where a browser was. */
  readonly more?: number;
  /** Bounds of the connections that are not decided yet. */
  readonly pending?: PendingLimits;
  /** Proxies, each of whose connections counts as one of its own network. */
  readonly proxies?: Networks;
}

/** Milliseconds of silence after which somebody waits for a greeting. */
const SILENCE = 500;
/**
 * Milliseconds that a browser's connection has beyond that: a request that comes after a greeting is lost. TCP sends
 * a lost packet again after 0.2 s, 0.6 s and 1.4 s, and a busy machine is late. `bobchat connect` gives up after 5 s.
 */
const MORE = 2500;
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
  readonly #pending: PendingConnections;
  /** Those whose silence is not over; and those who said nothing in it, and may be browsers' connections. */
  readonly #silent: Waits<Undecided>;
  readonly #spare: Waits<Undecided>;
  #isClosed = false;

  constructor(options: DetectionOptions) {
    this.#options = options;
    const { silence = SILENCE, more = MORE } = options;
    this.#silent = new Waits(silence, (one) => this.#endSilence(one));
    this.#spare = new Waits(more, (one) => this.#pass(one, "lines"));
    this.#pending = new PendingConnections(options.pending ?? PENDING);
  }

  /** Takes a connection, and passes it on once it is known what it speaks. */
  serve(connection: PeekedConnection): void {
    // It may be accepted, or its handshake end, in the very turn in which the server stops.
    if (this.#isClosed) return connection.close();
    const one: Undecided = {
      connection,
      first: undefined,
      ...{ bytes: NOTHING, reading: undefined, leave: () => {} },
    };
    const { address, remote } = connection;
    const share = this.#options.proxies?.has(address) ? remote : address;
    one.leave = this.#pending.enter(share, (why) => this.#evict(one, why));
    this.#silent.add(one);
    this.#read(one);
  }

  /** Ends the connections that are not decided yet, and those that still come. */
  close(): void {
    this.#isClosed = true;
    this.#pending.clear();
    this.#silent.clear();
    this.#spare.clear();
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
    else {
      // No person types half a line for long.
      if (this.#spare.delete(one)) this.#silent.add(one);
      this.#read(one);
    }
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
    const isSilent = one.bytes.length === 0, { remote } = one.connection;
    // It waits for a greeting, most likely, and nobody has to wait for its bytes.
    if (isSilent && why !== "stopping") return this.#pass(one, "lines");
    if (!isSilent) log.info("close {remote}: {why}", { remote, why: WHY[why] });
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
    this.#spare.delete(one);
  }

  /** Hands over one whose silence is over, unless a request may come, or the rest of what no person types. */
  #endSilence(one: Undecided): void {
    const { bytes, connection: { address } } = one;
    if (bytes.length === 0 && this.#options.browsers.wereAt(address)) this.#spare.add(one);
    else if (this.#likely(one) === undefined) this.#pass(one, "lines");
  }
}

function joined(bytes: Uint8Array, more: Uint8Array): Uint8Array {
  if (bytes.length === 0) return more;
  const both = new Uint8Array(bytes.length + more.length);
  both.set(bytes);
  both.set(more, bytes.length);
  return both;
}
