// A connection's buffer: large while much comes, small again once little has come for a while.

import { ReadChunk } from "../../../lib/net/read_chunk.ts";
import { assert, assertEquals } from "../../assert.ts";

const SIZE = { idle: 128, busy: 4096 };

/** The sizes of the buffer, from the second read on, when the reads bring these counts. */
function sizes(buffer: ReadChunk, counts: readonly number[]): number[] {
  return counts.map((count) => {
    assert(count <= buffer.bytes.length);
    buffer.adapt(count);
    return buffer.bytes.length;
  });
}

Deno.test("reads that just fill the small buffer make it large once, and not to and fro", () => {
  const buffer = new ReadChunk(SIZE);
  assertEquals(sizes(buffer, Array(100).fill(128)), Array(100).fill(4096));
});

Deno.test("a line and two lines by turns leave it large", () => {
  const buffer = new ReadChunk(SIZE);
  assertEquals(sizes(buffer, [128, ...Array(50).fill([64, 128]).flat()]), Array(101).fill(4096));
});

Deno.test("it stays small while reads leave room in it", () => {
  const buffer = new ReadChunk(SIZE);
  assertEquals(sizes(buffer, [1, 127, 64]), [128, 128, 128]);
});

Deno.test("it is small again once little has come for a while", () => {
  const buffer = new ReadChunk(SIZE);
  const little = sizes(buffer, [128, 4096, ...Array(16).fill(127), 127]);
  assertEquals(little.slice(0, 17), Array(17).fill(4096));
  assertEquals(little.slice(17), [128, 128]);
  // And needs as long the next time.
  assertEquals(sizes(buffer, [128, 127, 127]), [4096, 4096, 4096]);
});

Deno.test("one size for both never changes, for under --classic a read is a message", () => {
  const buffer = new ReadChunk({ idle: 1024, busy: 1024 });
  assertEquals(sizes(buffer, [1024, 1, 1024]), [1024, 1024, 1024]);
});

Deno.test("a large buffer goes to the next who needs one, and never to two at once", () => {
  const [one, two, three] = [new ReadChunk(SIZE), new ReadChunk(SIZE), new ReadChunk(SIZE)];
  one.adapt(128);
  const { bytes } = one;
  one.release();
  one.release();
  two.adapt(128);
  three.adapt(128);
  assert(two.bytes === bytes);
  assert(three.bytes !== bytes && one.bytes !== bytes);
  assertEquals([one, two, three].map((buffer) => buffer.bytes.length), [128, 4096, 4096]);
});
