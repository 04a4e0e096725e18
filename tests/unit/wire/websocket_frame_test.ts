// WebSocket frames as a server sends them.

import fc from "fast-check";
import {
  decodeFrames,
  encodeClose,
  encodeFrames,
  encodePing,
  encodePong,
  frameEnds,
} from "../../../lib/wire/websocket_frame.ts";
import { assertEquals, assertThrows } from "../../assert.ts";

Deno.test("a short, a medium and a long text have heads of two, four and ten bytes", () => {
  for (const [length, head] of [[0, 2], [125, 2], [126, 4], [0xffff, 4], [0x10000, 10]]) {
    const frame = encodeFrames(["x".repeat(length!)]);
    assertEquals([frame.length, frame[0]], [length! + head!, 0x81], `${length}`);
  }
  assertEquals([...encodeFrames(["é"])], [0x81, 2, 0xc3, 0xa9]);
});

Deno.test("whatever texts are framed, they are found again, wherever the bytes lie", () => {
  fc.assert(fc.property(fc.array(fc.string({ unit: "binary" })), fc.nat(9), (texts, offset) => {
    const frames = encodeFrames(texts);
    const elsewhere = new Uint8Array(offset + frames.length);
    elsewhere.set(frames, offset);
    const view = elsewhere.subarray(offset);
    assertEquals(decodeFrames(view), texts.map((text) => text.toWellFormed()));
    assertEquals(frameEnds(view).toArray().length, texts.length);
  }));
});

Deno.test("control frames carry up to 125 bytes, and a close its code and reason", () => {
  assertEquals([...encodePing("ab")], [0x89, 2, 97, 98]);
  assertEquals([...encodePong(Uint8Array.of(1))], [0x8a, 1, 1]);
  assertEquals([...encodeClose(1000, "x")], [0x88, 3, 3, 0xe8, 120]);
  assertEquals([...encodeClose(undefined)], [0x88, 0]);
  assertEquals(encodePong(new Uint8Array(125)).length, 127);
  assertThrows(() => encodeClose(1000, "x".repeat(124)), RangeError);
});
