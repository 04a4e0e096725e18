// What the first bytes of a connection are, however reads split them: pure. Detection asks before anybody is
// greeted, and the line protocol for what comes after its greeting.

/** What bytes may be, besides lines. */
export type Speaks = "HTTP" | "TLS" | "JSON" | "PROXY" | "SSH";

/**
 * Whether first bytes are a protocol's: they are; they begin as no person's do, and the rest is awaited;
 * nothing speaks against it yet; they are not.
 */
export type Match = "yes" | "likely" | "maybe" | "no";

const TAB = 9, LF = 10, CR = 13, BLANK = 32, BRACE = 0x7b, NUL = 0, IAC = 255;
/** How many of the first bytes, and of the last bytes of the first line, are kept. */
const HEAD = 32, TAIL = 32;
/** The first bytes of a TLS handshake record. */
const HELLO = [0x16, 0x03];
/** The signature of a PROXY header of version 2; it has line ends in it. */
const SIGNATURE = [0x0d, 0x0a, 0x0d, 0x0a, 0x00, 0x0d, 0x0a, 0x51, 0x55, 0x49, 0x54, 0x0a];
/** How many bytes of the signature no person sends. */
const TELLING = 5;

const PROXY_LINE = /^PROXY (?:TCP4|TCP6|UNKNOWN)(?:[ \r]|$)/;
/** How a request begins; any method may, so this alone decides only where the line is too long to wait for. */
const REQUEST = /^[A-Z]{3,20} (?:\/|\*|https?:)/;
const VERSION = / HTTP\/\d+(?:\.\d+)?[ \t\r]*$/;
/** What an SSH client sends at once (RFC 4253, 4.2). */
const SSH = /^SSH-\d\.\d+-/;
const COMMAND = /^\/json[ \t]+\{/;
const OBJECT = /^\{[ \t]*"/;

const DECODER = new TextDecoder();

/** The first bytes so far. It keeps little of them, except of a line that may be a JSON object. */
export class FirstBytes {
  readonly #most: number;
  readonly #raw: number[] = [];
  readonly #head: number[] = [];
  readonly #tail: number[] = [];
  /** The first line, if it begins as an object does. */
  #object = new Uint8Array(0);
  #length = 0;
  #isLine = false;

  /** A first line of more than `most` bytes is not waited for. */
  constructor(most: number) {
    this.#most = most;
  }

  /** Adds what was read next. */
  add(bytes: Uint8Array): void {
    for (let i = 0; i < bytes.length && !this.#isComplete; i++) this.#step(bytes[i]!);
  }

  /** Nothing more will come: what is there is a line. */
  end(): void {
    this.#isLine ||= this.#length > 0;
  }

  /** The first bytes of all. */
  get raw(): readonly number[] {
    return this.#raw;
  }

  /** The beginning of the first line that is not blank, one character a byte. */
  get head(): string {
    return String.fromCharCode(...this.#head);
  }

  /** Its last bytes. */
  get tail(): string {
    return String.fromCharCode(...this.#tail);
  }

  /** It as a text, if it begins with a brace. */
  get object(): string {
    return DECODER.decode(this.#object.subarray(0, this.#length));
  }

  /** Whether it has ended. */
  get isLine(): boolean {
    return this.#isLine;
  }

  /** Whether it is too long to be waited for. */
  get isLong(): boolean {
    return this.#length > this.#most;
  }

  /** Blank lines may still become the signature. */
  get #isComplete(): boolean {
    return this.#isLine && this.#raw.length >= SIGNATURE.length;
  }

  #step(byte: number): void {
    if (this.#raw.length < HEAD) this.#raw.push(byte);
    if (this.#isLine) return;
    const isEnd = byte === LF || byte === NUL;
    if (this.#length === 0 && (isEnd || byte === CR || byte === BLANK || byte === TAB)) return;
    if (isEnd) {
      this.#isLine = true;
      return;
    }
    this.#length++;
    if (this.#head.length < HEAD) this.#head.push(byte);
    if (this.#tail.length === 2 * TAIL) this.#tail.splice(0, TAIL);
    this.#tail.push(byte);
    if (this.#head[0] === BRACE && !this.isLong) this.#hold(byte);
  }

  #hold(byte: number): void {
    if (this.#length > this.#object.length) {
      const grown = new Uint8Array(Math.min(Math.max(HEAD, 2 * this.#length), this.#most));
      grown.set(this.#object);
      this.#object = grown;
    }
    this.#object[this.#length - 1] = byte;
  }
}

/** Whether they are a TLS handshake. */
export function isTls({ raw }: FirstBytes): Match {
  return beginsWith(raw, HELLO, 1);
}

/** Whether they are a header of the PROXY protocol, of either version. */
export function isProxy(first: FirstBytes): Match {
  const binary = beginsWith(first.raw, SIGNATURE, TELLING);
  if (binary !== "no") return binary;
  const { head } = first;
  if (PROXY_LINE.test(head) && (first.isLine || !/^PROXY \w+$/.test(head))) return "yes";
  if (first.isLine) return "no";
  if (/^PROXY [TU]/.test(head) && head.length < 14) return "likely";
  return "PROXY ".startsWith(head.slice(0, 6)) && head.length <= 6 ? "maybe" : "no";
}

/** Whether they are an HTTP request: a line that ends in a version of it, whatever the method. */
export function isHttp(first: FirstBytes): Match {
  // What has begun as another protocol's is that, however its line ends.
  if (first.raw[0] === IAC || COMMAND.test(first.head) || SSH.test(first.head)) return "no";
  if (first.isLine) return VERSION.test(first.tail) ? "yes" : "no";
  if (!REQUEST.test(first.head)) return "maybe";
  return first.isLong ? "yes" : "likely";
}

/** Whether they are an SSH client's. */
export function isSsh({ head, isLine }: FirstBytes): Match {
  if (SSH.test(head)) return "yes";
  if (isLine || head.length > 4 && !/^SSH-[\d.]*$/.test(head)) return "no";
  return head.length > 3 && head.startsWith("SSH-")
    ? "likely"
    : "SSH-".startsWith(head)
    ? "maybe"
    : "no";
}

/** Whether they are JSON lines: a line that is an object, or `/json` and one. */
export function isJson(first: FirstBytes): Match {
  const { head } = first;
  if (COMMAND.test(head)) return "yes";
  if (head === "") return "maybe";
  if (!head.startsWith("{")) {
    return !first.isLine && /^\/(?:j(?:s(?:o(?:n[ \t]*)?)?)?)?$/.test(head) ? "maybe" : "no";
  }
  if (first.isLine && !first.isLong) return isObject(first.object) ? "yes" : "no";
  if (!OBJECT.test(head)) return first.isLong || first.isLine ? "no" : "maybe";
  return first.isLong ? "yes" : "likely";
}

const MATCHERS: Readonly<Record<Speaks, (first: FirstBytes) => Match>> = {
  TLS: isTls,
  PROXY: isProxy,
  HTTP: isHttp,
  SSH: isSsh,
  JSON: isJson,
};

/** What first bytes are, if it is certain. */
export function speaks(first: FirstBytes): Speaks | "lines" | undefined {
  let areLines = true;
  for (const [name, matches] of Object.entries(MATCHERS)) {
    const match = matches(first);
    if (match === "yes") return name as Speaks;
    if (match !== "no") areLines = false;
  }
  return areLines ? "lines" : undefined;
}

/** What first bytes are that nothing follows any more: what has begun as another protocol does is its. */
export function speaksAtEnd(first: FirstBytes): Speaks | "lines" {
  for (const [name, matches] of Object.entries(MATCHERS)) {
    if (matches(first) === "likely") return name as Speaks;
  }
  first.end();
  return speaks(first) ?? "lines";
}

/** Compares with bytes that must come first; after `telling` of them nobody else sends the same. */
function beginsWith(raw: readonly number[], wanted: readonly number[], telling: number): Match {
  for (let i = 0; i < wanted.length; i++) {
    if (i === raw.length) return i >= telling ? "likely" : "maybe";
    if (raw[i] !== wanted[i]) return "no";
  }
  return "yes";
}

function isObject(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value);
  } catch {
    return false;
  }
}
