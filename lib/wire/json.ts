// The protocol of apps: bots, and the page that bobchat serves. One object a line in (a WebSocket's messages
// come as lines too), one object a frame out; frames.ts defines them.

import type { Input, Once, Speaks } from "../chat/event.ts";
import { isLonger } from "../chat/size.ts";
import type { ClientFrame } from "./frames.ts";
import { type JsonEncoder, WEBSOCKET_ENCODER } from "./json_frames.ts";
import { HEAD_BYTES, type Protocol } from "./protocol.ts";
import { type Malformed, readFrame } from "./read_frame.ts";

const READ_SIZE = { idle: 128, busy: 4096 };
const LF = 10;

const DECODER = new TextDecoder();
/** The least that the longest message may have, in bytes; and the bytes of its fields besides the text. */
const LEAST = 4096, FIELDS = 1024;
/** Most earlier messages that an app is sent at once, and the default. */
const MOST_RECALLED = 200, RECALLED = 50;

/** An app's frame of one type. */
type Frame<Type extends ClientFrame["type"]> = Extract<ClientFrame, { type: Type }>;

/** Bytes of the longest message: a text escaped by JSON (é as `\\u00e9`), and the other fields. */
export function longestMessage(maxLine: number): number {
  return Math.max(LEAST, 3 * maxLine + FIELDS);
}

/** Options of the protocol. */
export interface JsonOptions {
  /** Most bytes of a text. */
  readonly maxLine: number;
  /** The token by which the app may come back. */
  readonly token: string;
  /** A hash of the secret that it shares with the other tabs of its browser. */
  readonly browser?: string;
  /** By default that of WebSockets. */
  readonly encoder?: JsonEncoder;
}

/** The protocol for one app. */
export class JsonProtocol implements Protocol {
  readonly maxLine: number;
  readonly longest: number;
  readonly token: string;
  readonly browser?: string;
  readonly encoder: JsonEncoder;
  /** The start of an unfinished line, unless it is too long already; and its length. */
  #held: Uint8Array[] = [];
  #length = 0;
  lines = 0;
  /** The highest id so far: an input with this id or a lower one was sent before. */
  #lastId = 0;

  constructor({ maxLine, token, browser, encoder = WEBSOCKET_ENCODER }: JsonOptions) {
    this.maxLine = maxLine;
    // The 1 is the line's end.
    this.longest = longestMessage(maxLine) + 1;
    this.token = token;
    this.browser = browser;
    this.encoder = encoder;
  }

  get readSize() {
    return READ_SIZE;
  }

  get speaks(): Speaks {
    return "json";
  }

  decode(bytes: Uint8Array): Input[] {
    const inputs: Input[] = [];
    let start = 0;
    for (let end; (end = bytes.indexOf(LF, start)) !== -1; start = end + 1) {
      this.lines++;
      inputs.push(...this.#read(this.#take(bytes.subarray(start, end))));
    }
    if (start < bytes.length) this.#hold(bytes.subarray(start));
    return inputs;
  }

  end(): Input[] {
    return [];
  }

  #hold(bytes: Uint8Array): void {
    this.#length += bytes.length;
    // A copy, since the array of bytes is reused.
    if (this.#length <= this.longest) this.#held.push(bytes.slice());
    else this.#held = [];
  }

  /** The whole line, with its last bytes; undefined if it is too long. */
  #take(last: Uint8Array): string | undefined {
    const length = this.#length + last.length, parts = this.#held;
    if (length === last.length && length <= this.longest) return DECODER.decode(last);
    this.#held = [];
    this.#length = 0;
    if (length > this.longest) return undefined;
    const line = new Uint8Array(length);
    let at = 0;
    for (const part of [...parts, last]) {
      line.set(part, at);
      at += part.length;
    }
    return DECODER.decode(line);
  }

  /** The inputs of a line. */
  #read(line: string | undefined): Input[] {
    if (line === undefined) return [{ kind: "oversize", limit: this.maxLine }];
    // It counts against the rate, and does nothing else.
    if (line === "" || line === "\r") return [];
    const frame = readFrame(line);
    const { id } = frame;
    if (id === undefined) return this.#inputs(frame);
    if (id <= this.#lastId) return [{ kind: "receipt", receipt: id }];
    this.#lastId = id;
    return withReceipt(this.#inputs(frame), id);
  }

  #inputs(frame: ClientFrame | Malformed): Input[] {
    switch (frame.type) {
      case "malformed":
        return [{ kind: "reply", chunk: this.encoder.encodeMalformed(frame) }];
      case "join":
        return this.#join(frame);
      case "say":
        return this.#say(frame);
      case "edit":
        return this.#edit(frame);
      case "delete":
        return [{ kind: "delete", message: frame.message }];
      case "leave":
        return [{ kind: "command", name: "leave", text: "", room: frame.room }];
      case "nick":
        return [nick(frame.name, frame.password)];
      case "password":
        return [{ kind: "password", text: frame.password }];
      case "command":
        return this.#command(frame);
      case "history":
        return [recall(frame)];
      case "members":
        return [{ kind: "look", room: frame.room }];
      case "person":
        return [{ kind: "ask who", person: frame.name }];
      case "read":
        return [{ kind: "read", room: frame.room, person: frame.with, upTo: frame.upTo }];
    }
  }

  /** The inputs of a join, which may have the server password, a name and a room. */
  #join({ token, key, name, password, room }: Frame<"join">): Input[] {
    // The app has come back, and has lost its state.
    if (token === this.token) return [{ kind: "refresh" }];
    const inputs: Input[] = [];
    if (key !== undefined) inputs.push({ kind: "password", text: key });
    if (name !== undefined) inputs.push(nick(name, password));
    if (room !== undefined) inputs.push({ kind: "command", name: "join", text: room });
    return inputs;
  }

  #say({ text, room, nonce, again }: Frame<"say">): Input[] {
    if (text.trim() === "") return [];
    return [this.#oversize(text) ?? { kind: "text", text, room, ...once({ nonce, again }) }];
  }

  #edit({ message, text }: Frame<"edit">): Input[] {
    return [this.#oversize(text) ?? { kind: "edit", message, text }];
  }

  #command({ name, text = "", room, nonce, again }: Frame<"command">): Input[] {
    const rest = text.trim();
    // Only the command knows which part of it is the text.
    const tooLong = this.#oversize(name + rest, HEAD_BYTES);
    return [tooLong ?? { kind: "command", name, text: rest, room, ...once({ nonce, again }) }];
  }

  /** The input for a text that is too long with what stands before it; undefined if it is not. */
  #oversize(words: string, head = 0): Input | undefined {
    const limit = this.maxLine;
    return isLonger(words, limit + head) ? { kind: "oversize", limit } : undefined;
  }
}

/** What keeps a message from being said twice, if the app gave it. */
function once({ nonce, again }: Once): Once {
  return nonce === undefined ? {} : again ? { nonce, again } : { nonce };
}

function nick(name: string, password = ""): Input {
  return { kind: "command", name: "nick", text: `${name} ${password}`.trim() };
}

function recall(
  { room, private: isPrivate = false, before, after, count }: Frame<"history">,
): Input {
  const most = Math.min(count ?? RECALLED, MOST_RECALLED);
  return { kind: "recall", isPrivate, range: { before, after, count: most }, room };
}

/** The inputs that take the number to confirm themselves. */
const TAKE_RECEIPTS: ReadonlySet<Input["kind"]> = new Set(
  ["text", "command", "edit", "delete", "read", "recall", "look", "ask who"] as const,
);

/** Numbers the inputs, and has the number confirmed once all have been handled. */
function withReceipt(unnumbered: Input[], id: number): Input[] {
  const inputs = unnumbered.map((input) =>
    input.kind === "reply" ? input : { ...input, id } as Input
  );
  const last = inputs.at(-1);
  const takesOne = last !== undefined && TAKE_RECEIPTS.has(last.kind);
  if (!takesOne) return [...inputs, { kind: "receipt", receipt: id }];
  return [...inputs.slice(0, -1), { ...last, receipt: id } as Input];
}
