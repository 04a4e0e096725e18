// Requests: what a peer sends over HTTP/1.1, a head at a time. Bodies are never read: a request that has one
// is answered, and ends its connection.

import type { Connection } from "../connection.ts";
import { FAULT, type Fault, type Head, MOST_HEAD, parseHead } from "./llhttp.ts";

/** A request. */
export interface HttpRequest {
  readonly method: string;
  /** As it was sent: a path with its query, mostly. */
  readonly target: string;
  /** Without the query. */
  readonly path: string;
  /** By names in lower case; the values of a name that comes several times are joined by commas. */
  readonly headers: ReadonlyMap<string, string>;
  /** Whether the connection ends after the answer: it asks so, is of HTTP/1.0, or has a body. */
  readonly isLast: boolean;
}

/** A request that cannot be answered as one; the connection ends after the answer. */
export class BadRequest {
  readonly status: number;
  /** A sentence for its sender. */
  readonly why: string;

  constructor(status: number, why: string) {
    this.status = status;
    this.why = why;
  }
}

/** Most bytes of a target. */
const MOST_TARGET = 8000;
/** Bytes of a buffer, until a head needs more. */
const USUAL = 2048;
/** Buffers for reuse: else what thousands had, who came at once, leaves gaps in the process's memory. */
const spare: Uint8Array<ArrayBuffer>[] = [];
const MOST_SPARE = 64;
const CR = 13, LF = 10;
const NOTHING = new Uint8Array(0);
const TOKEN = /^[!#$%&'*+.^_`|~\w-]+$/;
/** A host and perhaps a port, as in `chat.example:7777` and `[::1]`. */
const HOST = /^(?:\[[\da-f:.]+\]|[\w.~%!$&'()*+,;=-]+)(?::\d{0,5})?$/i;

/** Reads the requests of a connection, one when it is asked for. */
export class RequestReader {
  readonly #connection: Connection;
  #buffer = spare.pop() ?? new Uint8Array(USUAL);
  /** How many bytes were read and not used. */
  #size = 0;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  /** Whether a part of the next request is here. */
  get hasBegun(): boolean {
    return this.#size > 0;
  }

  /** What was read after the last request; it is not kept. */
  get rest(): Uint8Array {
    return this.#buffer.subarray(0, this.#size);
  }

  /** Waits until a request begins; false if the peer has ended. */
  async begins(): Promise<boolean> {
    // Empty lines before a request are ignored.
    while (!this.#dropEmptyLines()) if (!await this.#read()) return false;
    return true;
  }

  /** Reads the request that has begun. */
  async next(): Promise<HttpRequest | BadRequest> {
    // A line that is not whole cannot be judged; that also limits how often a head is parsed anew.
    for (let isNew = this.rest.includes(LF);;) {
      const head = isNew ? parseHead(this.rest) : undefined;
      if (head !== undefined) {
        if ("length" in head) this.#drop(head.length);
        return "length" in head ? toRequest(head) : toBadRequest(head);
      }
      if (this.#size >= MOST_HEAD) return this.#tooLarge();
      const before = this.#size;
      if (!await this.#read()) return new BadRequest(400, "The request ends too early.");
      isNew = this.#buffer.subarray(before, this.#size).includes(LF);
    }
  }

  /** Gives its buffer back: nothing is read any more, and `rest` is gone. */
  release(): void {
    if (this.#buffer.length === USUAL && spare.length < MOST_SPARE) spare.push(this.#buffer);
    this.#size = 0;
    this.#buffer = NOTHING;
  }

  /** Reads and drops up to so many bytes: whether the peer has ended before. */
  async discard(most: number): Promise<boolean> {
    for (let left = most; left > 0; left -= this.#size) {
      this.#size = 0;
      if (!await this.#read()) return true;
    }
    return false;
  }

  /** Adds what has arrived; false at the end. */
  async #read(): Promise<boolean> {
    this.#resize();
    const count = await this.#connection.read(this.#buffer.subarray(this.#size));
    this.#size += count ?? 0;
    return count !== null;
  }

  #resize(): void {
    const isFull = this.#size === this.#buffer.length;
    if (this.#size > 0 && !isFull) return;
    const size = isFull ? 2 * this.#size : USUAL;
    if (size === this.#buffer.length) return;
    const larger = new Uint8Array(size);
    larger.set(this.rest);
    this.#buffer = larger;
  }

  #drop(count: number): void {
    this.#buffer.copyWithin(0, count, this.#size);
    this.#size -= count;
  }

  /** Whether anything else is left. */
  #dropEmptyLines(): boolean {
    let at = 0;
    while (this.#buffer[at] === CR && this.#buffer[at + 1] === LF && at + 1 < this.#size) at += 2;
    if (at > 0) this.#drop(at);
    return this.#size > 1 || this.#size === 1 && this.#buffer[0] !== CR;
  }

  #tooLarge(): BadRequest {
    return this.rest.includes(LF)
      ? new BadRequest(431, `The head of a request has at most ${MOST_HEAD} bytes.`)
      : new BadRequest(414, `The address of a request has at most ${MOST_TARGET} bytes.`);
  }
}

/** What to answer if the parser refuses a head. */
function toBadRequest({ code, line }: Fault): BadRequest {
  const [method = "", target, version, ...more] = line.split(" ");
  const isLine = target !== undefined && version !== undefined && more.length === 0;
  if (code === FAULT.fields) return new BadRequest(431, "The request has too many header fields.");
  if (isLine && /^HTTP\/\d+\.\d+$/.test(version) && !/^HTTP\/1\.[01]$/.test(version)) {
    return wrongVersion();
  }
  if (isLine && code === FAULT.method && TOKEN.test(method)) {
    return new BadRequest(405, `There is no ${method.slice(0, 20)} here.`);
  }
  return new BadRequest(400, "That is not a valid request of HTTP/1.1.");
}

function wrongVersion(): BadRequest {
  return new BadRequest(505, "This server speaks HTTP/1.1.");
}

function toRequest({ line, fields }: Head): HttpRequest | BadRequest {
  // The parser lets pass: several spaces, and versions of HTTP and other protocols.
  const [, method, target, version] = /^(\S+) (\S+) HTTP\/(\d\.\d)$/.exec(line) ?? [];
  if (method === undefined || target === undefined) {
    return new BadRequest(400, "That is not a valid request of HTTP/1.1.");
  }
  if (version !== "1.1" && version !== "1.0") return wrongVersion();
  if (target.length > MOST_TARGET) {
    return new BadRequest(414, `The address of a request has at most ${MOST_TARGET} bytes.`);
  }
  const headers = new Map<string, string>();
  for (let i = 0; i < fields.length; i += 2) {
    const name = fields[i]!.toLowerCase(), value = fields[i + 1]!.trim();
    const before = headers.get(name);
    if (name === "host" && before !== undefined) return badHost();
    headers.set(name, before === undefined ? value : `${before}, ${value}`);
  }
  const host = headers.get("host");
  if (host === undefined ? version === "1.1" : !HOST.test(host)) return badHost();
  const authority = /^https?:\/\/([^/?]*)/i.exec(target)?.[1];
  if (authority !== undefined) {
    if (!HOST.test(authority) || !URL.canParse(target)) return badTarget();
    // It counts, whatever the field says.
    headers.set("host", authority);
  }
  // Other methods are refused whatever they ask for, such as `OPTIONS *`.
  const isPath = authority !== undefined || target.startsWith("/");
  if (target.includes("#") || !isPath && /^(?:GET|HEAD)$/.test(method)) return badTarget();
  const coding = headers.get("transfer-encoding")?.toLowerCase();
  if (coding !== undefined && version === "1.0") {
    return new BadRequest(400, "HTTP/1.0 has no Transfer-Encoding.");
  }
  if (coding !== undefined && coding !== "chunked") {
    return new BadRequest(501, "This server knows no transfer coding but chunked.");
  }
  const expect = headers.get("expect")?.toLowerCase();
  if (expect !== undefined && expect !== "100-continue") {
    return new BadRequest(417, "This server knows no expectation but 100-continue.");
  }
  return {
    method,
    target,
    path: authority === undefined ? target.replace(/\?.*$/s, "") : new URL(target).pathname,
    headers,
    isLast: version === "1.0" || coding !== undefined ||
      Number(headers.get("content-length") ?? 0) > 0 || hasWord(headers.get("connection"), "close"),
  };
}

function badHost(): BadRequest {
  return new BadRequest(400, "A request of HTTP/1.1 names its host, once.");
}

function badTarget(): BadRequest {
  return new BadRequest(400, "The address of that request is not valid.");
}

/** Whether a list such as `Connection: keep-alive, Upgrade` has a word. */
export function hasWord(list: string | undefined, word: string): boolean {
  return list?.toLowerCase().split(",").some((each) => each.trim() === word) ?? false;
}
