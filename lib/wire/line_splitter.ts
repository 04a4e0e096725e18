// Bytes into lines, wherever reads cut them: line ends, telnet commands, erased characters, the limit.

const LF = 10, CR = 13, NUL = 0, BS = 8, DEL = 127;
/** Telnet (RFC 854): "interpret as command", and the commands that are longer than two bytes. */
const IAC = 255, SB = 250, SE = 240, WILL = 251, DO = 253, DONT = 254;
/** The one option that is answered (RFC 860): telnet shows nothing from its Ctrl-C until the answer. */
const TIMING_MARK = 6;
/** "I have come to the timing mark." */
export const WILL_TIMING_MARK = Uint8Array.of(IAC, WILL, TIMING_MARK);
/** A TLS record that carries a handshake begins so. */
const TLS = [0x16, 0x03];

/** An erased grapheme is looked for in so many bytes: a longer one goes in parts. */
const GRAPHEME_BYTES = 64;

const DECODER = new TextDecoder();
const ENCODER = new TextEncoder();
const GRAPHEMES = new Intl.Segmenter();
const NOTHING = new Uint8Array(0);

/** Where a telnet command stands. */
type Telnet = "text" | "command" | "option" | "do" | "subnegotiation" | "subcommand";

/** Splits one connection's bytes into lines of at most `limit` bytes, and holds no more than that. */
export class LineSplitter {
  readonly #limit: number;
  /** The line so far, of which `#length` bytes count; nothing is held between whole lines. */
  #held = NOTHING;
  #length = 0;
  #overlong = false;
  #telnet: Telnet = "text";
  #marks = 0;
  #previous = -1;
  /** How many of a TLS handshake's first bytes the stream has begun with; -1 once it did not. */
  #tls = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Whether the stream opened with a TLS handshake. */
  get sawTls(): boolean {
    return this.#tls === TLS.length;
  }

  /** How many timing marks were asked for since this was last called. */
  takeMarks(): number {
    const marks = this.#marks;
    this.#marks = 0;
    return marks;
  }

  /** The lines that these bytes complete, without their ends; undefined stands for one over the limit. */
  split(bytes: Uint8Array): (string | undefined)[] {
    const lines: (string | undefined)[] = [];
    let start = 0; // of the bytes read and not yet held
    for (let i = 0; i < bytes.length; i++) {
      const byte = bytes[i]!;
      if (this.#tls >= 0 && !this.sawTls) this.#tls = byte === TLS[this.#tls] ? this.#tls + 1 : -1;
      if (this.#telnet !== "text") {
        // IAC IAC is the byte itself, which no UTF-8 has: it is held, and decodes to U+FFFD.
        start = this.#telnet === "command" && byte === IAC ? i : i + 1;
        if (this.#telnet === "do" && byte === TIMING_MARK) this.#marks++;
        this.#telnet = afterTelnet(this.#telnet, byte);
      } else if (byte === LF || (byte === NUL && this.#previous === CR)) {
        this.#hold(bytes.subarray(start, i), lines);
        this.#finish(lines);
        start = i + 1;
      } else if (byte === IAC || byte === BS || byte === DEL) {
        this.#hold(bytes.subarray(start, i), lines);
        if (byte === IAC) this.#telnet = "command";
        else this.#erase();
        start = i + 1;
      }
      this.#previous = byte;
    }
    this.#hold(bytes.subarray(start), lines);
    return lines;
  }

  /** The last line, when the stream ended without ending it. */
  end(): (string | undefined)[] {
    const lines: (string | undefined)[] = [];
    if (this.#length > 0) this.#finish(lines);
    return lines;
  }

  #hold(bytes: Uint8Array, lines: (string | undefined)[]): void {
    if (bytes.length === 0 || this.#overlong) return;
    const length = this.#length + bytes.length;
    // One byte more than the limit, for the CR of a CR LF.
    if (length > this.#limit + 1) return this.#discard(lines);
    if (length > this.#held.length) {
      const grown = new Uint8Array(
        Math.min(Math.max(length, 2 * this.#held.length), this.#limit + 1),
      );
      grown.set(this.#held.subarray(0, this.#length));
      this.#held = grown;
    }
    this.#held.set(bytes, this.#length);
    this.#length = length;
  }

  #discard(lines: (string | undefined)[]): void {
    lines.push(undefined);
    this.#overlong = true;
    this.#release();
  }

  #finish(lines: (string | undefined)[]): void {
    if (this.#length > 0 && this.#held[this.#length - 1] === CR) this.#length--;
    if (this.#length > this.#limit) this.#discard(lines);
    if (!this.#overlong) lines.push(DECODER.decode(this.#held.subarray(0, this.#length)));
    this.#overlong = false;
    this.#release();
  }

  #release(): void {
    this.#held = NOTHING;
    this.#length = 0;
  }

  /** Takes back the last grapheme, as its typist sees it. */
  #erase(): void {
    const tail = this.#held.subarray(Math.max(0, this.#length - GRAPHEME_BYTES), this.#length);
    const last = [...GRAPHEMES.segment(DECODER.decode(tail))].at(-1)?.segment ?? "";
    // Bytes that are no UTF-8 read as U+FFFD, which would count as three.
    this.#length -= last.endsWith("\ufffd") ? 1 : ENCODER.encode(last).length;
  }
}

/** The telnet state that follows a byte inside a command. */
function afterTelnet(state: Telnet, byte: number): Telnet {
  switch (state) {
    case "command":
      if (byte === SB) return "subnegotiation";
      if (byte === DO) return "do";
      return byte >= WILL && byte <= DONT ? "option" : "text";
    case "subnegotiation":
      return byte === IAC ? "subcommand" : "subnegotiation";
    case "subcommand":
      return byte === SE ? "text" : "subnegotiation";
    default:
      return "text";
  }
}
