// Splits bytes into lines, wherever reads cut them: line ends, telnet commands, erased characters, the limit.

import { lastGrapheme } from "./grapheme.ts";

const LF = 10, CR = 13, NUL = 0, BS = 8, DEL = 127;
/** Telnet (RFC 854): "interpret as command", the lowest command, and the commands longer than two bytes. */
const IAC = 255, SE = 240, SB = 250, WILL = 251, DO = 253, DONT = 254;
/** Most bytes of a sub-negotiation; what comes after them is text. */
const SUBNEGOTIATION = 1024;
/** The one option that is answered (RFC 860): after Ctrl-C, telnet shows nothing until the answer. */
const TIMING_MARK = 6;
/** "I have come to the timing mark." */
export const WILL_TIMING_MARK = Uint8Array.of(IAC, WILL, TIMING_MARK);

// The decoder keeps a byte order mark: sanitize removes it wherever it stands.
const DECODER = new TextDecoder("utf-8", { ignoreBOM: true });
const NOTHING = new Uint8Array(0);

/** Which part of a telnet command comes next. */
type Telnet = "text" | "command" | "option" | "do" | "subnegotiation" | "subcommand";

/** Splits one connection's bytes into lines of at most `limit` bytes, and holds no more than that. */
export class LineSplitter {
  readonly #limit: number;
  /** The line so far, `#length` bytes of it; empty between lines. */
  #held = NOTHING;
  #length = 0;
  #overlong = false;
  #telnet: Telnet = "text";
  /** Bytes of the sub-negotiation so far. */
  #negotiated = 0;
  #marks = 0;
  #afterCr = false;

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** How many timing marks were requested since the last call. */
  takeMarks(): number {
    const marks = this.#marks;
    this.#marks = 0;
    return marks;
  }

  /** The lines that these bytes complete, without line ends; undefined stands for one over the limit. */
  split(bytes: Uint8Array): (string | undefined)[] {
    const lines: (string | undefined)[] = [];
    for (let i = 0; i < bytes.length;) {
      const end = this.#telnet === "text" ? endOfPlain(bytes, i) : i;
      if (end === i) this.#step(bytes[i++]!, lines);
      else {
        this.#passPlain(bytes.subarray(i, end), lines);
        this.#afterCr = bytes[end - 1] === CR;
        i = end;
      }
    }
    return lines;
  }

  /** The last line, if the stream ended without ending it. */
  end(): (string | undefined)[] {
    const lines: (string | undefined)[] = [];
    if (this.#telnet === "command") this.#holdByte(IAC, lines);
    if (this.#length > 0) this.#finish(lines);
    return lines;
  }

  /** Handles one byte that has a meaning of its own, or may have. */
  #step(byte: number, lines: (string | undefined)[]): void {
    if (this.#telnet === "command" && byte < SE) {
      // It was no command but a byte of an encoding other than UTF-8.
      this.#telnet = "text";
      this.#holdByte(IAC, lines);
    }
    if (byte === LF || (byte === NUL && this.#afterCr)) {
      // Even an unfinished command never swallows a line's end.
      this.#telnet = "text";
      this.#finish(lines);
    } else if (this.#telnet !== "text") this.#negotiate(byte, lines);
    else if (byte === IAC) this.#telnet = "command";
    else if (byte === BS || byte === DEL) this.#erase();
    else this.#holdByte(byte, lines);
    this.#afterCr = byte === CR;
  }

  /** Handles one byte of a telnet command, after its IAC. */
  #negotiate(byte: number, lines: (string | undefined)[]): void {
    const telnet = this.#telnet;
    this.#telnet = afterTelnet(telnet, byte);
    if (telnet === "do" && byte === TIMING_MARK) this.#marks++;
    // IAC IAC is the byte 255 itself, which UTF-8 never has: it decodes to U+FFFD.
    else if (telnet === "command" && byte === IAC) this.#holdByte(byte, lines);
    else if (telnet === "command") this.#negotiated = 0;
    else if (++this.#negotiated > SUBNEGOTIATION) this.#telnet = "text";
  }

  /** Handles bytes that are only text and line ends. */
  #passPlain(bytes: Uint8Array, lines: (string | undefined)[]): void {
    for (let start = 0; start < bytes.length;) {
      // Whole lines that together are within the limit are decoded at once: copying and decoding each alone
      // took half of a message's cost.
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
    const start = this.#length;
    if (this.#grow(bytes.length, lines)) this.#held.set(bytes, start);
  }

  #holdByte(byte: number, lines: (string | undefined)[]): void {
    const start = this.#length;
    if (this.#grow(1, lines)) this.#held[start] = byte;
  }

  /** Makes room for this many more bytes; false if the line may not have them. */
  #grow(count: number, lines: (string | undefined)[]): boolean {
    if (count === 0 || this.#overlong) return false;
    const length = this.#length + count;
    // One byte more than the limit, for the CR of a CR LF.
    if (length > this.#limit + 1) {
      this.#discard(lines);
      return false;
    }
    if (length > this.#held.length) {
      const size = Math.max(length, 2 * this.#held.length);
      const grown = new Uint8Array(Math.min(size, this.#limit + 1));
      grown.set(this.#held.subarray(0, this.#length));
      this.#held = grown;
    }
    this.#length = length;
    return true;
  }

  #discard(lines: (string | undefined)[]): void {
    lines.push(undefined);
    this.#overlong = true;
    this.#release();
  }

  #finish(lines: (string | undefined)[]): void {
    if (this.#length > 0 && this.#held[this.#length - 1] === CR) this.#length--;
    if (this.#length > this.#limit) this.#discard(lines);
    if (!this.#overlong) lines.push(this.#text());
    this.#overlong = false;
    this.#release();
  }

  #release(): void {
    this.#held = NOTHING;
    this.#length = 0;
  }

  /** The line so far, as text. */
  #text(): string {
    return this.#length === 0 ? "" : DECODER.decode(this.#held.subarray(0, this.#length));
  }

  /** Erases the last grapheme, as its typist sees it. */
  #erase(): void {
    if (this.#length > 0) this.#length = lastGrapheme(this.#held, this.#length);
  }
}

/** Where the run of text and line ends that begins at `start` ends. */
function endOfPlain(bytes: Uint8Array, start: number): number {
  let end = start;
  for (; end < bytes.length; end++) {
    const byte = bytes[end]!;
    if (byte === DEL || byte === IAC || byte === BS || byte === NUL) break;
  }
  return end;
}

/** The telnet state after a byte within a command. */
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
