// What has arrived before anyone asked for it.

import { ReadBuffer } from "../../../lib/net/read_buffer.ts";
import { assert, assertEquals, assertRejects } from "../../assert.ts";

function open() {
  const calls: string[] = [];
  const arrived = new ReadBuffer({
    pause: () => void calls.push("pause"),
    resume: () => void calls.push("resume"),
  });
  const read = async (size: number) => {
    const buffer = new Uint8Array(size);
    const count = await arrived.read(buffer);
    return count === null ? null : [...buffer.subarray(0, count)];
  };
  return { arrived, calls, read };
}

Deno.test("what came is read in order, as much as there is room for", async () => {
  const { arrived, read } = open();
  arrived.push(Uint8Array.of(1, 2, 3));
  arrived.push(Uint8Array.of(4));
  assertEquals([await read(2), await read(2), await read(2)], [[1, 2], [3], [4]]);
});

Deno.test("a read waits for what comes next", async () => {
  const { arrived, read } = open();
  const reading = read(9);
  arrived.push(new Uint8Array(0));
  arrived.push(Uint8Array.of(7));
  assertEquals(await reading, [7]);
});

Deno.test("the end comes behind what waits, and nothing comes behind the end", async () => {
  const { arrived, read } = open();
  arrived.push(Uint8Array.of(1));
  arrived.end(null);
  arrived.end(new Error("late"));
  arrived.push(Uint8Array.of(2));
  assertEquals([await read(9), await read(9), await read(9)], [[1], null, null]);
});

Deno.test("an error comes behind what waits, to a read that waits too", async () => {
  const { arrived, read } = open();
  const reading = read(9);
  arrived.end(new Error("reset"));
  await assertRejects(() => reading, Error, "reset");
});

Deno.test("the source is stopped while much waits, once, and goes on when all is read", async () => {
  const { arrived, calls, read } = open();
  for (let i = 0; i < 5; i++) arrived.push(new Uint8Array(8 * 1024));
  assertEquals(calls, ["pause"]);
  for (let i = 0; i < 4; i++) await read(8 * 1024);
  assertEquals(calls, ["pause"]);
  await read(8 * 1024);
  assertEquals(calls, ["pause", "resume"]);
  assert(calls.length === 2);
});

Deno.test("many small chunks are much, too", async () => {
  const { arrived, calls, read } = open();
  for (let i = 0; i < 1000; i++) arrived.push(Uint8Array.of(1));
  assertEquals(calls, ["pause"]);
  for (let i = 0; i < 1000; i++) await read(9);
  assertEquals(calls, ["pause", "resume"]);
});
