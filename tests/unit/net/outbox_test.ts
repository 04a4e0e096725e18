// The outbox: order, one write in flight, and what ends a connection that does not read.

import type { Encoder } from "../../../lib/chat/delivery.ts";
import { createMetrics } from "../../../lib/metrics.ts";
import { Backpressure } from "../../../lib/net/backpressure.ts";
import { Outbox } from "../../../lib/net/outbox.ts";
import { toBytes, toChunk } from "../../../lib/wire/chunk.ts";
import { assert, assertEquals } from "../../assert.ts";
import { FakeConnection, settle } from "./fake_connection.ts";

const ENCODER = new TextEncoder();
const bytes = (text: string) => toChunk(ENCODER.encode(text));
const LAST_WORDS: Encoder = {
  encode: (deliveries) =>
    bytes(deliveries.map((each) => "text" in each ? `[${each.text}]` : "").join("")),
  describe: () => "",
};

function open({ maxPending = 100, writeTimeout = 1000 } = {}) {
  const connection = new FakeConnection();
  const metrics = createMetrics();
  const backpressure = new Backpressure();
  const limits = { maxPending, writeTimeout };
  const outbox = new Outbox(connection, LAST_WORDS, { limits, metrics, backpressure });
  return { connection, metrics, backpressure, outbox };
}

Deno.test("a chunk goes out at once when nothing waits", () => {
  const { connection, outbox } = open();
  const chunk = bytes("one");
  outbox.write(chunk);
  assertEquals(connection.writes.length, 1);
  assert(connection.writes[0]!.chunk === toBytes(chunk), "not copied");
});

Deno.test("one write in flight; what gathers meanwhile goes out as one, in order", async () => {
  const { connection, outbox } = open();
  for (const text of ["one ", "two ", "three"]) outbox.write(bytes(text));
  assertEquals(connection.writes.length, 1);
  await connection.take();
  assertEquals(connection.writes.length, 1);
  await connection.take();
  assertEquals(connection.text, "one two three");
  assertEquals(connection.writes.length, 0);
});

Deno.test("a part that was taken is not sent again", async () => {
  const { connection, outbox } = open();
  outbox.write(bytes("abcdef"));
  outbox.write(bytes("gh"));
  await connection.take(2);
  await connection.take(3);
  await connection.takeAll();
  assertEquals(connection.text, "abcdefgh");
  assertEquals(outbox.sent, 8);
});

Deno.test("end sends what waits and then ends the writes", async () => {
  const { connection, outbox } = open();
  outbox.write(bytes("a"));
  outbox.write(bytes("b"));
  outbox.end("quit");
  outbox.write(bytes("too late"));
  outbox.end("again");
  assert(!connection.writesEnded);
  await connection.takeAll();
  assertEquals([connection.text, connection.writesEnded, outbox.why], ["ab", true, "quit"]);
});

Deno.test("a connection is told where a welcome will be, and that it was dropped", async () => {
  const { connection, outbox } = open({ maxPending: 10 });
  outbox.write(bytes("ab"));
  await connection.take();
  outbox.write(bytes("cde"));
  outbox.welcome(bytes("hello"));
  assertEquals(connection.welcomes, [{ start: 5, end: 10 }]);
  outbox.write(bytes("too much"));
  assertEquals(connection.welcomes, [{ start: 5, end: 10 }, undefined]);
});

Deno.test("end without anything to send ends the writes", async () => {
  const { connection, outbox } = open();
  outbox.end("quit");
  await settle();
  assert(connection.writesEnded);
});

Deno.test("more than maxPending drops what waited and says why behind the write in flight", async () => {
  const { connection, outbox } = open({ maxPending: 10 });
  outbox.write(bytes("12345"));
  outbox.write(bytes("67890"));
  assertEquals(outbox.why, undefined);
  outbox.write(bytes("!"));
  assertEquals([outbox.why, outbox.eviction], ["reads too slowly", "slow"]);
  await connection.takeAll();
  assertEquals(connection.text, "12345[You are disconnected: reads too slowly.]");
  assert(connection.writesEnded);
});

Deno.test("one chunk over maxPending still goes to whoever reads", async () => {
  const { connection, outbox } = open({ maxPending: 10 });
  outbox.write(bytes("12345678901234567890"));
  await connection.takeAll();
  outbox.write(bytes("more"));
  await connection.takeAll();
  assertEquals([connection.text, outbox.why], ["12345678901234567890more", undefined]);
});

Deno.test("no progress for the deadline ends it, and last words have a second", () => {
  const { connection, outbox } = open({ writeTimeout: 1000 });
  outbox.write(bytes("a"));
  outbox.tick(1000);
  assertEquals(outbox.why, undefined);
  outbox.tick(1);
  assertEquals([outbox.why, outbox.eviction], ["stopped reading", "stalled"]);
  outbox.tick(1000);
  assert(!connection.isClosed);
  outbox.tick(1);
  assertEquals([connection.isClosed, connection.wasEvicted], [true, true]);
});

Deno.test("progress, however little, puts the deadline off; an idle outbox has none", async () => {
  const { connection, outbox } = open({ writeTimeout: 1000 });
  outbox.tick(10_000);
  outbox.write(bytes("abc"));
  for (let i = 0; i < 3; i++) {
    outbox.tick(900);
    await connection.take(1);
  }
  assertEquals([connection.text, outbox.why], ["abc", undefined]);
});

Deno.test("a write timeout of 0 never ends anything", () => {
  const { outbox } = open({ writeTimeout: 0 });
  outbox.write(bytes("a"));
  outbox.tick(1e9);
  assertEquals(outbox.why, undefined);
});

Deno.test("an evicted peer that trickles has no longer than its second", async () => {
  const { connection, outbox } = open({ maxPending: 4 });
  outbox.write(bytes("1234"));
  outbox.write(bytes("5"));
  for (let i = 0; i < 2; i++) {
    await connection.take(1);
    outbox.tick(600);
  }
  assert(connection.isClosed);
});

Deno.test("who was ended keeps the deadline it had; once all is sent its peer has a second", async () => {
  const { connection, outbox } = open({ writeTimeout: 5000 });
  outbox.write(bytes("abc"));
  outbox.end("quit");
  outbox.tick(4000);
  await connection.take(1);
  outbox.tick(4000);
  assert(!connection.isClosed);
  await connection.takeAll();
  assertEquals([connection.text, connection.writesEnded], ["abc", true]);
  outbox.tick(1000);
  assert(!connection.isClosed);
  outbox.tick(1);
  assertEquals([connection.isClosed, connection.wasEvicted], [true, false]);
});

Deno.test("who was ended and does not read is closed at the deadline", () => {
  const { connection, outbox } = open({ writeTimeout: 5000 });
  outbox.write(bytes("abc"));
  outbox.end("quit");
  outbox.tick(5001);
  assert(connection.isClosed);
});

Deno.test("a peer that is gone is sent nothing more; its reader is left to read what it sent", async () => {
  const { connection, outbox } = open();
  outbox.write(bytes("a"));
  outbox.write(bytes("b"));
  await connection.fail(new Deno.errors.BrokenPipe("gone"));
  outbox.write(bytes("c"));
  outbox.tick(60_000);
  assertEquals([connection.writes.length, connection.isClosed, outbox.why], [0, false, undefined]);
  outbox.end("left");
  assert(connection.writesEnded);
});

Deno.test("what waits for several outboxes alike is joined once for all", async () => {
  const all = [open(), open(), open()];
  const chunks = ["one ", "two ", "three"].map(bytes);
  for (const { outbox } of all) for (const chunk of chunks) outbox.write(chunk);
  all[2]!.outbox.write(bytes("!"));
  for (const { connection } of all) await connection.take();
  const [first, second, third] = all.map(({ connection }) => connection.writes[0]!.chunk);
  assert(first === second, "one array of bytes");
  assertEquals(new TextDecoder().decode(first), "two three");
  assertEquals(new TextDecoder().decode(third), "two three!");
});

Deno.test("more than a quarter of maxPending is behind; half a second at a bad pace, stalled", async () => {
  const { connection, backpressure, outbox } = open({ maxPending: 100, writeTimeout: 0 });
  outbox.write(toChunk(new Uint8Array(25)));
  assert(!backpressure.isFull);
  outbox.write(toChunk(new Uint8Array(1)));
  assert(backpressure.isFull);
  outbox.tick(250);
  assert(backpressure.isFull);
  outbox.tick(250);
  assert(!backpressure.isFull, "nobody waits for who has stalled");
  await connection.take(20);
  assert(!backpressure.isFull, "it keeps up again");
  await connection.takeAll();
  outbox.write(toChunk(new Uint8Array(90)));
  assert(backpressure.isFull);
  outbox.evict("slow", "reads too slowly");
  assert(!backpressure.isFull, "it is gone");
});

Deno.test("what one asked for oneself holds up nobody, in whatever order it comes with what others say", async () => {
  const { connection, backpressure, outbox } = open({ maxPending: 100, writeTimeout: 0 });
  outbox.write(toChunk(new Uint8Array(90)), true);
  assert(!backpressure.isFull);
  outbox.write(toChunk(new Uint8Array(5)));
  assert(!backpressure.isFull, "as little as the others said");
  await connection.takeAll();
  outbox.write(toChunk(new Uint8Array(20)));
  outbox.write(toChunk(new Uint8Array(60)), true);
  outbox.write(toChunk(new Uint8Array(10)));
  assert(backpressure.isFull, "30 bytes of what others said");
  await connection.take(10);
  assert(!backpressure.isFull);
  await connection.take(10);
  await connection.take(30);
  assertEquals(outbox.answers.waiting, 30);
  await connection.takeAll();
  assertEquals(outbox.answers.waiting, 0);
});

Deno.test("answers count to what may wait for their member, and are forgotten with its connection", async () => {
  const { outbox } = open({ maxPending: 100 });
  outbox.write(toChunk(new Uint8Array(80)), true);
  outbox.write(toChunk(new Uint8Array(30)), true);
  assertEquals([outbox.why, outbox.eviction], ["reads too slowly", "slow"]);
  assert(!outbox.answers.isBehind(0));
  const { connection, outbox: other } = open();
  other.answers.asked();
  other.write(toChunk(new Uint8Array(80)), true);
  assert(other.answers.isBehind(0));
  await connection.fail(new Deno.errors.BrokenPipe("gone"));
  assert(!other.answers.isBehind(0));
});
