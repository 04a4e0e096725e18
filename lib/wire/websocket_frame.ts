// WebSocket frames (RFC 6455) as a server sends them: unmasked, each a whole text message. They are encoded
// here once for everyone who is sent the same, and not by the WebSocket library for each.

/** The first byte of the last frame of a text message. */
const FINAL_TEXT = 0x81;
/** Lengths from these on take two more bytes, and eight. */
const MEDIUM = 126, LONG = 0x10000;

const ENCODER = new TextEncoder();

/** Encodes texts as frames, one after another. */
export function encodeFrames(texts: readonly string[]): Uint8Array<ArrayBuffer> {
  const payloads = texts.map((text) => ENCODER.encode(text));
  const size = payloads.reduce((sum, { length }) => sum + headSize(length) + length, 0);
  const frames = new Uint8Array(size);
  let at = 0;
  for (const payload of payloads) {
    at = writeHead(frames, at, payload.length);
    frames.set(payload, at);
    at += payload.length;
  }
  return frames;
}

/** Where each of these frames ends; they must be whole, and encoded here. */
export function* frameEnds(frames: Uint8Array): Generator<number> {
  const view = new DataView(frames.buffer, frames.byteOffset, frames.byteLength);
  for (let at = 0; at < frames.length;) {
    const short = frames[at + 1]!;
    const length = short < MEDIUM
      ? short
      : short === MEDIUM
      ? view.getUint16(at + 2)
      : Number(view.getBigUint64(at + 2));
    yield at += headSize(length) + length;
  }
}

/** The texts of these frames. */
export function decodeFrames(frames: Uint8Array): string[] {
  const texts: string[] = [];
  let start = 0;
  for (const end of frameEnds(frames)) {
    const short = frames[start + 1]!;
    const head = short < MEDIUM ? 2 : short === MEDIUM ? 4 : 10;
    texts.push(DECODER.decode(frames.subarray(start + head, end)));
    start = end;
  }
  return texts;
}

const DECODER = new TextDecoder();

function headSize(length: number): number {
  return length < MEDIUM ? 2 : length < LONG ? 4 : 10;
}

function writeHead(frames: Uint8Array, at: number, length: number): number {
  const view = new DataView(frames.buffer, frames.byteOffset, frames.byteLength);
  view.setUint8(at, FINAL_TEXT);
  if (length < MEDIUM) {
    view.setUint8(at + 1, length);
    return at + 2;
  }
  if (length < LONG) {
    view.setUint8(at + 1, MEDIUM);
    view.setUint16(at + 2, length);
    return at + 4;
  }
  view.setUint8(at + 1, MEDIUM + 1);
  view.setBigUint64(at + 2, BigInt(length));
  return at + 10;
}
