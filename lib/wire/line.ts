// The default protocol: lines of UTF-8 in, lines ended by CR LF out.

import type { Chunk, Delivery, Encoder } from "../chat/delivery.ts";
import type { Input, Speaks } from "../chat/event.ts";
import { isLonger } from "../chat/size.ts";
import { toBytes, toChunk } from "./chunk.ts";
import { FirstBytes, speaks, speaksAtEnd } from "./first_bytes.ts";
import { format } from "./format.ts";
import { LineSplitter, WILL_TIMING_MARK } from "./line_splitter.ts";
import { HEAD_BYTES, type Protocol } from "./protocol.ts";
import { sanitize } from "./sanitize.ts";

/** Small while little comes, so that 10,000 listeners cost little; large is still short enough to be fair. */
const READ_SIZE = { idle: 128, busy: 4096 };

const COMMAND = /^\/([^\s/]\S*)\s*(.*)$/s;

/** The line protocol for one connection; the text of a line may have `maxLine` bytes. */
export class LineProtocol implements Protocol {
  readonly maxLine: number;
  readonly #splitter: LineSplitter;
  /** Whether its first bytes may still turn out to be another protocol's, or have; and what there is of them. */
  #opening: "open" | "over" | "stranger" = "open";
  #first: FirstBytes | undefined;
  lines = 0;

  constructor(maxLine: number) {
    this.maxLine = maxLine;
    this.#splitter = new LineSplitter(maxLine + HEAD_BYTES);
  }

  get readSize() {
    return READ_SIZE;
  }

  get speaks(): Speaks {
    return "lines";
  }

  get encoder() {
    return LINES;
  }

  get longest() {
    // The 2 are the line's end.
    return this.maxLine + HEAD_BYTES + 2;
  }

  decode(bytes: Uint8Array): Input[] {
    if (this.#opening !== "over") {
      const stranger = this.#look(bytes);
      if (stranger !== undefined) return stranger;
    }
    const lines = this.#splitter.split(bytes);
    this.lines += lines.length;
    const inputs = this.#parse(lines);
    const marks = this.#splitter.takeMarks();
    if (marks === 0) return inputs;
    // Before the answers to the lines: telnet drops what it is sent before its timing mark.
    const reply: Input = { kind: "reply", chunk: toChunk(WILL_TIMING_MARK) };
    return [...Array.from({ length: marks }, () => reply), ...inputs];
  }

  end(): Input[] {
    const stranger = this.#opening === "over" ? undefined : this.#look();
    return stranger ?? this.#parse(this.#splitter.end());
  }

  /**
   * Looks at the first bytes, or at the end of the stream: the input, if they are another protocol's, which
   * came too late to be detected. What follows them is nobody's.
   */
  #look(bytes?: Uint8Array): Input[] | undefined {
    if (this.#opening === "stranger") return [];
    const first = this.#first ??= new FirstBytes(this.maxLine + HEAD_BYTES);
    if (bytes !== undefined) first.add(bytes);
    const found = bytes === undefined ? speaksAtEnd(first) : speaks(first);
    if (found === undefined) return undefined;
    this.#first = undefined;
    this.#opening = found === "lines" ? "over" : "stranger";
    return found === "lines" ? undefined : [{ kind: "stranger", speaks: found }];
  }

  #parse(lines: readonly (string | undefined)[]): Input[] {
    const inputs: Input[] = [];
    for (const line of lines) {
      const input = line === undefined ? this.#oversize() : parseLine(line);
      if (input?.kind === "text" && isLonger(input.text, this.maxLine)) {
        inputs.push(this.#oversize());
      } else if (input !== undefined) inputs.push(input);
    }
    return inputs;
  }

  #oversize(): Input {
    return { kind: "oversize", limit: this.maxLine };
  }
}

/** What a line means: a command, a text, or nothing if it is empty. */
export function parseLine(line: string): Input | undefined {
  const text = sanitize(line);
  if (text.trim() === "") return;
  if (!text.startsWith("/")) return { kind: "text", text };
  if (text.startsWith("//")) return { kind: "text", text: text.slice(1) };
  const command = COMMAND.exec(text);
  if (command === null) return { kind: "text", text };
  const [, name = "", rest = ""] = command;
  return { kind: "command", name, text: rest.trim() };
}

const ENCODER = new TextEncoder(), DECODER = new TextDecoder();

/** Everyone on the line protocol is sent the same bytes. */
export const LINES: Encoder = {
  encode(deliveries: readonly Delivery[]): Chunk | undefined {
    let text = "";
    for (const delivery of deliveries) text += format(delivery);
    return text === "" ? undefined : toChunk(ENCODER.encode(text));
  },
  describe: (chunk) => DECODER.decode(toBytes(chunk)),
};
