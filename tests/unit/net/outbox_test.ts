// The outbox: order, one write in flight, and what ends a connection that does not read.

import { createMetrics } from "../../../lib/metrics.ts";
import { Outbox } from "../../../lib/net/outbox.ts";
import { assert, assertEquals } from "../../assert.ts";
import { FakeConnection, settle } from "./fake_connection.ts";

const ENCODER = new TextEncoder();
const bytes = (text: string) => ENCODER.encode(text);

function open({ maxPending = 100, writeTimeout = 1000 } = {}) {
  const connection = new FakeConnection();
  const metrics = createMetrics();
  const farewell = (words: string) => bytes(`[${words}]`);
  const outbox = new Outbox(connection, { maxPending, writeTimeout, metrics, farewell });
  return { connection, metrics, outbox };
}

Deno.test("a chunk goes out at once when nothing waits", () => {
  const { connection, outbox } = open();
  const chunk = bytes("one");
  outbox.write(chunk);
  assertEquals(connection.writes.length, 1);
  assert(connection.writes[0]!.chunk === chunk, "not copied");
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

Deno.test("end without anything to send ends the writes", async () => {
  const { connection, outbox } = open();
  outbox.end("quit");
  await settle();
  assert(connection.writesEnded);
});

Deno.test("more than maxPending drops what waited and says why behind the write in flight", async () => {
  const { connection, metrics, outbox } = open({ maxPending: 10 });
  outbox.write(bytes("12345"));
  outbox.write(bytes("67890"));
  assertEquals(outbox.why, undefined);
  outbox.write(bytes("!"));
  assertEquals([outbox.why, metrics.closedPending], ["reads too slowly", 1]);
  await connection.takeAll();
  assertEquals(connection.text, "12345[You are disconnected: reads too slowly]");
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
  const { connection, metrics, outbox } = open({ writeTimeout: 1000 });
  outbox.write(bytes("a"));
  outbox.tick(1000);
  assertEquals(outbox.why, undefined);
  outbox.tick(1);
  assertEquals([outbox.why, metrics.closedDeadline], ["stopped reading", 1]);
  outbox.tick(1000);
  assert(!connection.isClosed);
  outbox.tick(1);
  assert(connection.isClosed);
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

Deno.test("a peer that is gone closes the connection, without a throw", async () => {
  const { connection, outbox } = open();
  outbox.write(bytes("a"));
  outbox.write(bytes("b"));
  await connection.fail(new Deno.errors.BrokenPipe("gone"));
  assert(connection.isClosed);
  assertEquals(outbox.why, "connection lost");
  outbox.write(bytes("c"));
  assertEquals(connection.writes.length, 0);
});
