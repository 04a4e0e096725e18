// The v0.1 protocol: what one read returns is a message, passed on untouched, whatever the bytes.
// Text is a string here, so each byte travels as the character of the same number (Latin-1).

import type { Chunk, Delivery, Encoder } from "../chat/delivery.ts";
import { toBytes, toChunk } from "./chunk.ts";
import type { Protocol } from "./protocol.ts";
import { stamp } from "./stamp.ts";

const DECODER = new TextDecoder();
/** v0.1's `recv(1024)`. */
const READ_SIZE = { idle: 1024, busy: 1024 };

/** The v0.1 protocol for the connection with this number, which heads every message that it is sent. */
export function classicProtocol(id: number): Protocol {
  return {
    readSize: READ_SIZE,
    speaks: "classic",
    // Each read is a message, whatever it contains.
    maxLine: READ_SIZE.busy,
    longest: READ_SIZE.busy,
    lines: 0,
    encoder: new ClassicEncoder(id),
    decode: (bytes) => [{ kind: "text", text: toText(bytes) }],
    end: () => [],
  };
}

/** An encoder for each connection: v0.1 heads each copy with its *receiver's* number. */
class ClassicEncoder implements Encoder {
  readonly #id: number;

  constructor(id: number) {
    this.#id = id;
  }

  encode(deliveries: readonly Delivery[]): Chunk | undefined {
    let text = "";
    for (const delivery of deliveries) {
      // v0.1 knows only messages: nothing else is sent.
      if (delivery.kind !== "message") continue;
      text += `${this.#id}(${stamp(delivery.at)}): ${delivery.text}`;
    }
    if (text === "") return;
    return toChunk(Uint8Array.from(text, (character) => character.charCodeAt(0)));
  }

  describe(chunk: Chunk): string {
    return DECODER.decode(toBytes(chunk));
  }
}

/** Each byte as the character of the same number. */
function toText(bytes: Uint8Array): string {
  return String.fromCharCode(...bytes);
}
