// WebSocket frames (RFC 6455) as a server sends them: unmasked, and each whole. Text messages are encoded here
// once for everyone who is sent the same, and not by the WebSocket library for each.

import type { Framing } from "./framing.ts";

/** The first byte of the last frame of a text message. */
const FINAL_TEXT = 0x81;
/** The first bytes of control frames. */
const CLOSE = 0x88, PING = 0x89, PONG = 0x8a;
/** Most bytes that a control frame may carry. */
const MOST_CONTROL = 125;
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

/** Text messages, a frame each. */
export const WEBSOCKET: Framing = { encode: encodeFrames, decode: decodeFrames, ends: frameEnds };

/** Encodes a ping. */
export function encodePing(text: string): Uint8Array {
  return encodeControl(PING, ENCODER.encode(text));
}

/** Encodes the answer to a ping, from which it has its bytes. */
export function encodePong(bytes: Uint8Array): Uint8Array {
  return encodeControl(PONG, bytes);
}

/** Encodes a close frame; one without a code has no reason either. */
export function encodeClose(code: number | undefined, reason = ""): Uint8Array {
  if (code === undefined) return encodeControl(CLOSE, new Uint8Array(0));
  return encodeControl(CLOSE, Uint8Array.of(code >> 8, code & 0xff, ...ENCODER.encode(reason)));
}

function encodeControl(first: number, bytes: Uint8Array): Uint8Array {
  if (bytes.length > MOST_CONTROL) throw new RangeError("a control frame has at most 125 bytes");
  const frame = new Uint8Array(2 + bytes.length);
  frame.set([first, bytes.length]);
  frame.set(bytes, 2);
  return frame;
}

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
