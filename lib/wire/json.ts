// The protocol of apps: bots, and the page that bobchat serves. An object a line in (a listener ends each
// message that it reads with a line's end), an object a frame out; the README says what they may be.

import type { Chunk, Input } from "../chat/event.ts";
import type { RefusalCode } from "../chat/refusals.ts";
import { isLonger } from "../chat/size.ts";
import { count, type Fields, Malformed, parseObject, range, room, text } from "./json_fields.ts";
import { APPS, encodeObject } from "./json_frames.ts";
import { HEAD_BYTES, type Protocol } from "./protocol.ts";

const READ_SIZE = { idle: 128, busy: 4096 };
const LF = 10;

const DECODER = new TextDecoder();
/** Bytes of the longest message at least, and of what it has besides a text. */
const LEAST = 4096, FIELDS = 1024;

/** Bytes of the longest message: of a text that JSON has escaped, é as `\\u00e9`, and the other fields. */
export function longestMessage(maxLine: number): number {
  return Math.max(LEAST, 3 * maxLine + FIELDS);
}

/** The protocol for one app; a text may have `maxLine` bytes. */
export class JsonProtocol implements Protocol {
  readonly maxLine: number;
  readonly token: string;
  /** What has come of a line that is not whole yet; no longer than the listener lets a message be. */
  #held: Uint8Array[] = [];
  lines = 0;
  /** The highest id so far: what comes with no higher one was asked for before. */
  #lastId = 0;
  #hasJoined = false;

  constructor({ maxLine, token }: { maxLine: number; token: string }) {
    this.maxLine = maxLine;
    this.token = token;
  }

  get readSize() {
    return READ_SIZE;
  }

  get hears() {
    return true;
  }

  get isApp() {
    return true;
  }

  get encoder() {
    return APPS;
  }

  get longest() {
    // With the line's end.
    return longestMessage(this.maxLine) + 1;
  }

  decode(bytes: Uint8Array): Input[] {
    const inputs: Input[] = [];
    let start = 0;
    for (let end; (end = bytes.indexOf(LF, start)) !== -1; start = end + 1) {
      this.lines++;
      inputs.push(...this.#read(this.#take(bytes.subarray(start, end))));
    }
    // A copy: the array of bytes is used again.
    if (start < bytes.length) this.#held.push(bytes.slice(start));
    return inputs;
  }

  end(): Input[] {
    return [];
  }

  /** A line, with its last bytes. */
  #take(last: Uint8Array): string {
    if (this.#held.length === 0) return DECODER.decode(last);
    const parts = [...this.#held, last];
    this.#held = [];
    const line = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
    let at = 0;
    for (const part of parts) {
      line.set(part, at);
      at += part.length;
    }
    return DECODER.decode(line);
  }

  /** What a line asks for. */
  #read(line: string): Input[] {
    // Paid for, and nothing else.
    if (line === "") return [];
    return orComplaint(() => {
      const fields = parseObject(line);
      const id = count(fields, "id");
      if (id === undefined) return this.#inputs(fields);
      const receipt = encodeObject({ type: "ack", id });
      if (id <= this.#lastId) return [{ kind: "reply", chunk: receipt }];
      this.#lastId = id;
      return withReceipt(orComplaint(() => this.#inputs(fields), id), { id, receipt });
    });
  }

  #inputs(fields: Fields): Input[] {
    switch (fields.type) {
      case "join":
        return this.#join(fields);
      case "say":
        return this.#say(fields);
      case "leave":
        return [{ kind: "command", name: "leave", text: "", room: room(fields) }];
      case "nick":
        return [nick(fields)];
      case "password":
        return [{ kind: "password", text: text(fields, "password") }];
      case "command":
        return this.#command(fields);
      case "history": {
        const isPrivate = fields.private === true;
        return [{ kind: "recall", isPrivate, range: range(fields), room: room(fields) }];
      }
      case "members":
        return [{ kind: "look", room: room(fields) }];
    }
    throw new Malformed(
      'A type is "join", "say", "leave", "nick", "password", "command", "history" or "members".',
    );
  }

  /** What an app may say already as it comes: the server password, its name, a room. */
  #join(fields: Fields): Input[] {
    // It has come back, and has forgotten what it was told.
    if (this.#hasJoined && fields.token !== undefined) return [{ kind: "refresh" }];
    this.#hasJoined = true;
    const inputs: Input[] = [];
    if (fields.key !== undefined) inputs.push({ kind: "password", text: text(fields, "key") });
    if (fields.name !== undefined) inputs.push(nick(fields));
    const name = room(fields);
    if (name !== undefined) inputs.push({ kind: "command", name: "join", text: name });
    return inputs;
  }

  #say(fields: Fields): Input[] {
    const words = text(fields, "text");
    if (words.trim() === "") return [];
    return [this.#oversize(words) ?? { kind: "text", text: words, room: room(fields) }];
  }

  #command(fields: Fields): Input[] {
    const name = text(fields, "name"), rest = text(fields, "text", "").trim();
    // Which part of it is a text, the command knows.
    const tooLong = this.#oversize(name + rest, HEAD_BYTES);
    return [tooLong ?? { kind: "command", name, text: rest, room: room(fields) }];
  }

  /** That a text, and what stands before it, is too long; nothing where it is not. */
  #oversize(words: string, head = 0): Input | undefined {
    const limit = this.maxLine;
    return isLonger(words, limit + head) ? { kind: "oversize", limit } : undefined;
  }
}

function nick(fields: Fields): Input {
  const name = text(fields, "name"), password = text(fields, "password", "");
  if (/\s/.test(name)) throw new Malformed("A name is one word.");
  return { kind: "command", name: "nick", text: `${name} ${password}`.trim() };
}

/** What was read, or, where an object was malformed, the sentence that says so. */
function orComplaint(read: () => Input[], id?: number): Input[] {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof Malformed)) throw error;
    const code: RefusalCode = "malformed";
    const object = { type: "error", code, id, text: error.message };
    return [{ kind: "reply", chunk: encodeObject(object) }];
  }
}

/** Numbers them, and has the receipt sent once all of them have been handled. */
function withReceipt(
  unnumbered: Input[],
  { id, receipt }: { id: number; receipt: Chunk },
): Input[] {
  const inputs = unnumbered.map((input) =>
    input.kind === "reply" ? input : { ...input, id } as Input
  );
  const last = inputs.at(-1);
  const takesOne = last !== undefined && ["text", "command", "recall", "look"].includes(last.kind);
  if (!takesOne) return [...inputs, { kind: "reply", chunk: receipt }];
  return [...inputs.slice(0, -1), { ...last, receipt } as Input];
}
