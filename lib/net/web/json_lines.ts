// JSON lines as a link: an object a line in both directions, over any connection, so that `nc` and `jq` are
// enough for a bot. There are no pings: what has arrived is unknown until the app comes back and says it.

import { toBytes } from "../../wire/chunk.ts";
import { LINE_ENCODER } from "../../wire/json_frames.ts";
import type { Connection } from "../connection.ts";
import { NO_CODE } from "./codes.ts";
import { Link } from "./link.ts";

const LF = 10;
/** What a line may begin with: TAB, LF, CR and blanks. */
const SPACE: readonly number[] = [9, 10, 13, 32];
const EMPTY = new Uint8Array(0), LINE_END = Uint8Array.of(LF);
/** The least bytes that the start of a line is kept in. */
const LEAST = 256;
/** What may stand before the first object: to an older server it is a command that does not exist. */
const PREFIX = new TextEncoder().encode("/json");

/** A link over lines. */
export class LinesLink extends Link {
  readonly encoder = LINE_ENCODER;
  /** Most bytes of a line; of a longer one, what comes is passed on as it comes, for the protocol to refuse. */
  readonly #longest: number;
  /** The start of an unfinished line, and its length. */
  #held = EMPTY;
  #length = 0;
  /** Whether the line that is being read is too long, and was passed on so far. */
  #isLong = false;
  #isFirst = true;

  constructor(connection: Connection, longest: number) {
    super(connection);
    this.#longest = longest;
  }

  protected take(bytes: Uint8Array): void {
    if (this.isClosing) return;
    const end = bytes.lastIndexOf(LF) + 1;
    if (end > 0) {
      this.#isLong = false;
      this.#pass(
        this.#held.length === 0 ? bytes.subarray(0, end) : this.#takeHeld(bytes.subarray(0, end)),
      );
    }
    if (end === bytes.length) return;
    const rest = bytes.subarray(end);
    this.#isLong ||= this.#length + rest.length > this.#longest;
    if (this.#isLong) this.#pass(this.#takeHeld(rest));
    else this.#hold(rest);
  }

  protected takeEnd(): boolean {
    // An end after a write that failed is no goodbye.
    if (!this.isBroken) this.code = NO_CODE;
    // A last line without an end is a line.
    if (this.#length > 0 || this.#isLong) this.take(LINE_END.slice());
    return true;
  }

  protected farewell(code: number, text?: string): Uint8Array {
    return toBytes(this.encoder.encodeFrame({ type: "closed", code, text }));
  }

  protected awaitsGoodbye(): boolean {
    return false;
  }

  /** Keeps bytes after those that are held. */
  #hold(bytes: Uint8Array): void {
    const length = this.#length + bytes.length;
    if (length > this.#held.length) {
      const grown = new Uint8Array(Math.max(LEAST, 2 * length));
      grown.set(this.#held.subarray(0, this.#length));
      this.#held = grown;
    }
    this.#held.set(bytes, this.#length);
    this.#length = length;
  }

  /** All that is held, with what follows; it is held no more. */
  #takeHeld(bytes: Uint8Array): Uint8Array {
    this.#hold(bytes);
    const all = this.#held.subarray(0, this.#length);
    this.#held = EMPTY;
    this.#length = 0;
    return all;
  }

  #pass(lines: Uint8Array): void {
    const due = this.#isFirst ? fromFirstObject(lines) : lines;
    if (due.length === 0) return;
    this.#isFirst = false;
    this.owner.received(this, due);
  }
}

/** The first lines without what may stand before the first object. */
function fromFirstObject(lines: Uint8Array): Uint8Array {
  const at = lines.findIndex((byte) => !SPACE.includes(byte));
  const rest = at === -1 ? EMPTY : lines.subarray(at);
  return PREFIX.every((byte, i) => rest[i] === byte) ? rest.subarray(PREFIX.length) : rest;
}
