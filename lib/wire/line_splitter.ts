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

// A byte order mark is not a decoder's business here: sanitize takes it out wherever it stands.
const DECODER = new TextDecoder("utf-8", { ignoreBOM: true });
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
  #afterCr = false;
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
    for (let i = 0; i < bytes.length;) {
      const end = this.#telnet === "text" && this.#tls < 0 ? endOfPlain(bytes, i) : i;
      if (end === i) this.#step(bytes[i++]!, lines);
      else {
        this.#passPlain(bytes.subarray(i, end), lines);
        this.#afterCr = bytes[end - 1] === CR;
        i = end;
      }
    }
    return lines;
  }

  /** The last line, when the stream ended without ending it. */
  end(): (string | undefined)[] {
    const lines: (string | undefined)[] = [];
    if (this.#length > 0) this.#finish(lines);
    return lines;
  }

  /** One byte that means something, or may. */
  #step(byte: number, lines: (string | undefined)[]): void {
    if (this.#tls >= 0 && !this.sawTls) this.#tls = byte === TLS[this.#tls] ? this.#tls + 1 : -1;
    const telnet = this.#telnet;
    if (telnet !== "text") {
      if (telnet === "do" && byte === TIMING_MARK) this.#marks++;
      this.#telnet = afterTelnet(telnet, byte);
      // IAC IAC is the byte itself, which no UTF-8 has: it decodes to U+FFFD.
      if (telnet !== "command" || byte !== IAC) return;
      this.#hold(Uint8Array.of(byte), lines);
    } else if (byte === IAC) {
      this.#telnet = "command";
      return;
    } else if (byte === LF || (byte === NUL && this.#afterCr)) this.#finish(lines);
    else if (byte === BS || byte === DEL) this.#erase();
    else this.#hold(Uint8Array.of(byte), lines);
    this.#afterCr = byte === CR;
  }

  /** Bytes of text and line ends alone. */
  #passPlain(bytes: Uint8Array, lines: (string | undefined)[]): void {
    for (let start = 0; start < bytes.length;) {
      // Whole lines that together are within the limit are decoded at once: half of what a message cost
      // was to copy and decode it alone.
      const isFresh = this.#length === 0 && !this.#overlong;
      const last = isFresh ? bytes.lastIndexOf(LF, start + this.#limit) : -1;
      if (last >= start) {
        for (const line of DECODER.decode(bytes.subarray(start, last)).split("\n")) {
          lines.push(line.endsWith("\r") ? line.slice(0, -1) : line);
        }
        start = last + 1;
        continue;
      }
      const end = bytes.indexOf(LF, start);
      this.#hold(bytes.subarray(start, end < 0 ? bytes.length : end), lines);
      if (end < 0) return;
      this.#finish(lines);
      start = end + 1;
    }
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
    if (this.#length === 0) return;
    // Two ASCII characters are two graphemes; to look closer costs 9 µs.
    if (Math.max(this.#held[this.#length - 1]!, this.#held[this.#length - 2] ?? 0) < 0x80) {
      this.#length--;
      return;
    }
    let start = Math.max(0, this.#length - GRAPHEME_BYTES);
    // Not in the middle of a character: all but the first of its bytes begin with the bits 10.
    while (start < this.#length && (this.#held[start]! & 0xc0) === 0x80) start++;
    const tail = DECODER.decode(this.#held.subarray(start, this.#length));
    const last = [...GRAPHEMES.segment(tail)].at(-1)?.segment ?? "";
    // Bytes that are no UTF-8 read as U+FFFD, whose own length says nothing: they go one at a time.
    const isUtf8 = last !== "" && !last.includes("\ufffd");
    this.#length -= isUtf8 ? ENCODER.encode(last).length : 1;
  }
}

/** Where the run of bytes that are text or line ends has its end; it begins at `start`. */
function endOfPlain(bytes: Uint8Array, start: number): number {
  let end = start;
  for (; end < bytes.length; end++) {
    const byte = bytes[end]!;
    if (byte === DEL || byte === IAC || byte === BS || byte === NUL) break;
  }
  return end;
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
