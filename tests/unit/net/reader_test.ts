// The reader: inputs in order, each at its time, and no reading while it waits.

import { OVERSIZE } from "../../../lib/chat/fan_out.ts";
import type { Event, Input } from "../../../lib/chat/event.ts";
import { Queue } from "../../../lib/chat/queue.ts";
import { createMetrics } from "../../../lib/metrics.ts";
import { Backpressure } from "../../../lib/net/backpressure.ts";
import { Outbox } from "../../../lib/net/outbox.ts";
import { Reader, RECEIVED, THROTTLED } from "../../../lib/net/reader.ts";
import { Rates } from "../../../lib/net/rates.ts";
import { TokenBucket } from "../../../lib/net/token_bucket.ts";
import { toChunk } from "../../../lib/wire/chunk.ts";
import { JsonProtocol } from "../../../lib/wire/json.ts";
import { LineProtocol } from "../../../lib/wire/line.ts";
import type { Protocol } from "../../../lib/wire/protocol.ts";
import { yieldToEventLoop } from "../../../lib/std/event_loop.ts";
import { assert, assertEquals, assertRejects } from "../../assert.ts";
import { FakeConnection, settle } from "./fake_connection.ts";

function open(
  {
    capacity = 100,
    rate = 0,
    burst = 1,
    maxPending = 1000,
    protocol = new LineProtocol(16),
    ...shared
  }: {
    capacity?: number;
    rate?: number;
    burst?: number;
    maxPending?: number;
    protocol?: Protocol;
    rates?: Rates;
  } = {},
) {
  const connection = new FakeConnection();
  const queue = new Queue<Event>({ capacity, weigh: () => 1, now: () => 0, yieldToEventLoop });
  const metrics = createMetrics();
  const stop = new AbortController();
  const backpressure = new Backpressure();
  const { rates = new Rates() } = shared;
  const limits = { rate, burst, maxPending, writeTimeout: 0 };
  const options = { queue, backpressure, rates, limits, stop: stop.signal, metrics };
  const outbox = new Outbox(connection, protocol.encoder, options);
  outbox.named("guest1", 1);
  const reader = new Reader({ id: 1, connection, protocol, outbox }, options);
  return { connection, queue, metrics, stop, backpressure, outbox, reader };
}

/** The inputs of all that a queue still holds. */
async function inputs(queue: Queue<Event>): Promise<Input[]> {
  queue.close();
  const all: Input[] = [];
  for await (const batch of queue) {
    for (const event of batch) if (event.kind === "typed") all.push(event.input);
  }
  return all;
}

Deno.test("reads to the end, and a last line without an end is one", async () => {
  const { connection, queue, metrics, reader } = open();
  connection.feed("one\ntw", "o\nthree", null);
  await reader.run();
  assertEquals(
    await inputs(queue),
    ["one", "two", "three"].map((text): Input => ({ kind: "text", text })),
  );
  assertEquals([reader.received, metrics.count(RECEIVED)], [13, 13]);
});

Deno.test("half a line before a reset is none, though a write is told of the reset", async () => {
  const { connection, queue, outbox, reader } = open();
  outbox.write(toChunk(new Uint8Array(1)));
  await connection.fail(new Deno.errors.ConnectionReset("reset"));
  connection.feed("one\ntwo", null);
  await reader.run();
  assertEquals(await inputs(queue), [{ kind: "text", text: "one" }]);
});

Deno.test("lines that just fill a read do not send every other read away empty-handed", async () => {
  const { connection, queue, reader } = open();
  const sizes: number[] = [];
  const read = connection.read.bind(connection);
  connection.read = (buffer) => {
    sizes.push(buffer.length);
    return read(buffer);
  };
  connection.feed(...Array(4).fill(`${"x".repeat(15)}\n`.repeat(8)), null);
  await reader.run();
  assertEquals((await inputs(queue)).length, 32);
  // A read that does not fill its buffer tells that nothing more is there.
  assertEquals(sizes, [128, 4096, 4096, 4096, 4096]);
});

Deno.test("too long a line is counted", async () => {
  const { connection, queue, metrics, reader } = open();
  connection.feed(`${"x".repeat(17)}\n`, null);
  await reader.run();
  assertEquals(await inputs(queue), [{ kind: "oversize", limit: 16 }]);
  assertEquals(metrics.count(OVERSIZE), 1);
});

Deno.test("while the queue is full it does not read", async () => {
  const { connection, queue, reader } = open({ capacity: 1 });
  connection.feed("one\n", "two\n", "three\n", null);
  const done = reader.run();
  await settle();
  assertEquals(reader.received, 8);
  assertEquals((await inputs(queue)).length, 2);
  await done;
  assertEquals(reader.received, 14);
});

Deno.test("over the rate it waits, and loses nothing; a stop ends the wait", async () => {
  const { connection, queue, metrics, stop, reader } = open({ rate: 0.001 });
  connection.feed("one\n", "two\n", "three\n", null);
  const done = reader.run();
  await settle();
  assertEquals([reader.received, metrics.count(THROTTLED), reader.isBusy], [8, 1, true]);
  stop.abort();
  await done;
  assertEquals((await inputs(queue)).length, 3);
});

Deno.test("what comes after the end of one's outbox is read and unheard", async () => {
  const { connection, queue, outbox, reader } = open();
  outbox.end("quit");
  connection.feed("one\n", null);
  await reader.run();
  assertEquals(await inputs(queue), []);
});

Deno.test("while a member is behind it waits", async () => {
  const { connection, queue, backpressure, reader } = open();
  backpressure.change(connection, undefined, "behind");
  connection.feed("one\n", "two\n", null);
  const done = reader.run();
  await settle();
  assertEquals([reader.received, reader.isBusy], [4, true]);
  backpressure.change(connection, "behind", "keeping up");
  await done;
  assertEquals((await inputs(queue)).length, 2);
});

Deno.test("all connections of one person share a rate, also one that becomes theirs; others do not", async () => {
  const rates = new Rates(), limits = { rate: 0.001, burst: 3, rates };
  const [one, two, other] = [open(limits), open(limits), open(limits)];
  one.outbox.named("alice", 7);
  two.outbox.named("alice", 7);
  one.connection.feed("1\n2\n");
  const runs = [one.reader.run()];
  await settle();
  two.connection.feed("3\n4\n");
  runs.push(two.reader.run());
  other.connection.feed("1\n2\n3\n");
  runs.push(other.reader.run());
  await settle();
  const counts = () => [one, two, other].map(({ metrics }) => metrics.count(THROTTLED));
  assertEquals(counts(), [0, 1, 0]);
  // Whoever has used up its own is not better off as somebody who has, too.
  other.outbox.named("alice", 7);
  other.connection.feed("4\n");
  await settle();
  assertEquals(counts(), [0, 1, 1]);
  for (const { connection, stop } of [one, two, other]) {
    stop.abort();
    connection.feed(null);
  }
  await Promise.all(runs);
  // Nothing is left of it once nobody uses it.
  const bucket = new TokenBucket(limits, 0);
  assert(rates.enter(7, bucket) === bucket);
});

Deno.test("a connection that fails is closed; what came before is passed on", async () => {
  const { connection, queue, reader } = open();
  connection.feed("one\n", new Deno.errors.ConnectionReset("reset"));
  assertEquals([await reader.run(), connection.isClosed], [false, true]);
  assertEquals((await inputs(queue)).length, 1);
});

Deno.test("a bug is not taken for a peer's fault", async () => {
  const { connection, reader } = open();
  connection.feed(new TypeError("bug"));
  await assertRejects(() => reader.run(), TypeError);
});

Deno.test("reading ends one's silence", async () => {
  const { connection, reader } = open();
  reader.silent = 5000;
  connection.feed("x", null);
  await reader.run();
  assert(reader.silent === 0);
});

Deno.test("the next request waits until the last was answered, and the answer has left", async () => {
  const { connection, outbox, queue, reader, stop } = open();
  connection.feed("/who\n/who\nhello\n/who\n", null);
  const done = reader.run();
  const passed = async () => {
    await settle();
    await settle();
    return typed.length;
  };
  const typed: Input[] = [];
  void (async () => {
    for await (const batch of queue) {
      for (const event of batch) if (event.kind === "typed") typed.push(event.input);
    }
  })();
  assertEquals([await passed(), reader.isBusy], [1, true]);
  outbox.write(toChunk(new Uint8Array(300)), true);
  outbox.answered();
  assertEquals(await passed(), 1);
  await connection.takeAll();
  assertEquals(await passed(), 2);
  outbox.write(toChunk(new Uint8Array(300)), true);
  outbox.answered();
  assertEquals(await passed(), 3, "words come behind a little that waits");
  stop.abort();
  await done;
  assertEquals(await passed(), 4, "a stop ends the wait");
  queue.close();
});

Deno.test("whoever waits for an answer is read no more once their connection has ended", async () => {
  for (const end of ["end", "evict"] as const) {
    const { connection, queue, outbox, reader } = open();
    connection.feed("/who\n/who\n", null);
    const done = reader.run();
    await settle();
    if (end === "end") outbox.end("quit");
    else outbox.evict("idle", "quit");
    await done;
    assertEquals((await inputs(queue)).length, 1);
  }
});

Deno.test("an answer costs a message for every 4 KiB of it", async () => {
  const { connection, queue, metrics, outbox, reader, stop } = open({
    ...{ rate: 0.001, burst: 30, maxPending: 1e6 },
  });
  connection.feed("one\n", "two\n");
  outbox.write(toChunk(new Uint8Array(27 * 4096 + 10)), true);
  outbox.write(toChunk(new Uint8Array(9 * 4096)));
  await connection.takeAll();
  const done = reader.run();
  await settle();
  assertEquals([reader.received, metrics.count(THROTTLED)], [8, 0]);
  connection.feed("three\n", "four\n", null);
  await settle();
  assertEquals([reader.received, metrics.count(THROTTLED)], [19, 1]);
  stop.abort();
  await done;
  assertEquals((await inputs(queue)).length, 4);
});

const FLOODS: [string, string][] = [
  ["empty lines", "\n"],
  ["empty lines with CR NUL", "\r\0"],
  ["blank lines", " \n"],
  ["erased letters", "a\b"],
  ["erasing nothing", "\x7f"],
  ["telnet commands", "\xff\xf1"],
  ["an endless sub-negotiation", "\xff\xfa\x18\x01"],
  ["an endless line", "x"],
];
for (const [what, text] of FLOODS) {
  Deno.test(`${what} are paid for as words are`, async () => {
    const { connection, metrics, stop, reader } = open({ rate: 0.001 });
    connection.feed(Uint8Array.from(text.repeat(10_000), (byte) => byte.charCodeAt(0)), null);
    const done = reader.run();
    await settle();
    assert(reader.received < 5000, `${reader.received}`);
    assertEquals([metrics.count(THROTTLED), reader.isBusy], [1, true]);
    stop.abort();
    await done;
    assertEquals(reader.received, 10_000 * text.length);
  });
}

Deno.test("a line with a command and a name costs what any other does", async () => {
  const { connection, queue, metrics, outbox, reader } = open({ rate: 0.001, burst: 3 });
  const line = `/msg ${"ห่".repeat(20)} ${"x".repeat(16)}\r\n`;
  connection.feed(line, line.repeat(2), null);
  const done = reader.run();
  for (let i = 0; i < 3; i++) {
    await settle();
    outbox.answered();
  }
  await done;
  assertEquals((await inputs(queue)).length, 3);
  assertEquals(metrics.count(THROTTLED), 0);
});

Deno.test("typing a character at a time, with slips, costs a token a line", async () => {
  const { connection, queue, metrics, reader } = open({ rate: 0.001, burst: 20 });
  for (let i = 0; i < 20; i++) connection.feed(..."hellp\bo all\r\0");
  connection.feed(null);
  await reader.run();
  assertEquals((await inputs(queue)).length, 20);
  assertEquals(metrics.count(THROTTLED), 0);
});

Deno.test("messages of an app that ask for nothing are paid for", async () => {
  const { connection, queue, metrics, stop, reader } = open({
    rate: 0.001,
    burst: 5,
    protocol: new JsonProtocol({ maxLine: 16, token: "" }),
  });
  connection.feed('{"type":"say","text":" "}\n'.repeat(1000), null);
  const done = reader.run();
  await settle();
  assert(reader.received < 5000, `${reader.received}`);
  assertEquals(metrics.count(THROTTLED), 1);
  stop.abort();
  await done;
  assertEquals(await inputs(queue), []);
});
