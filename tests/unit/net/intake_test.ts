// The intake: caps, numbers, and how a connection's end is told.

import { CLOSES } from "../../../lib/net/intake.ts";
import { toChunk } from "../../../lib/wire/chunk.ts";
import { REFUSALS } from "../../../lib/net/places.ts";
import { Connections } from "../../../lib/chat/connections.ts";
import type { Event, Join } from "../../../lib/chat/event.ts";
import { Queue } from "../../../lib/chat/queue.ts";
import { createMetrics } from "../../../lib/metrics.ts";
import { CONNECTIONS, Intake, type IntakeLimits } from "../../../lib/net/intake.ts";
import { OpenConnections, type OpenLimits } from "../../../lib/net/open_connections.ts";
import { classicProtocol } from "../../../lib/wire/classic.ts";
import { JsonProtocol } from "../../../lib/wire/json.ts";
import { LINE_ENCODER } from "../../../lib/wire/json_frames.ts";
import { LineProtocol } from "../../../lib/wire/line.ts";
import { yieldToEventLoop } from "../../../lib/std/event_loop.ts";
import { assert, assertEquals, assertStringIncludes, fail } from "../../assert.ts";
import { runQueue, type Setup } from "../chat/people.ts";
import { FakeConnection, settle } from "./fake_connection.ts";

type Limits = IntakeLimits & OpenLimits;

const NO_LIMITS: Limits = {
  maxClients: 100,
  maxPerAddress: 0,
  maxDevices: 10,
  maxPending: 10_000,
  writeTimeout: 0,
  idleTimeout: 0,
  rate: 0,
  burst: 1,
};

function open(some: Partial<Limits> = {}, { opens }: Pick<Setup, "opens"> = {}) {
  const queue = new Queue<Event>({ capacity: 100, weigh: () => 1, now: () => 0, yieldToEventLoop });
  const metrics = createMetrics();
  const connections = new Connections();
  const parts = { queue, metrics, limits: { ...NO_LIMITS, ...some } };
  const open = new OpenConnections({ ...parts, stop: new AbortController().signal });
  const intake = new Intake({ ...parts, connections, open, asksPassword: opens !== undefined });
  const written = runQueue(queue, { connections, opens });
  const people: FakeConnection[] = [];
  const served: Promise<void>[] = [];
  return {
    open,
    connections,
    metrics,
    /** A new peer, once it has been greeted or turned away. */
    async enter(
      address?: string,
      connection = new FakeConnection(address),
    ): Promise<FakeConnection> {
      people.push(connection);
      served.push(intake.serve(connection, { makeProtocol: () => new LineProtocol(64) }));
      await this.flush();
      return connection;
    },
    /** Lets everything through until nothing moves any more. */
    async flush(): Promise<void> {
      for (let i = 0; i < 5; i++) {
        for (const connection of people) await connection.takeAll();
      }
    },
    async [Symbol.asyncDispose](): Promise<void> {
      queue.close();
      await written;
      for (const connection of people) connection.feed(null);
      await this.flush();
      await open.close(1000);
      await Promise.all(served);
    },
  };
}

Deno.test("connections are numbered, and one that ends is told to the others", async () => {
  await using chat = open();
  const alice = await chat.enter();
  alice.feed("hello\n");
  await chat.flush();
  const bob = await chat.enter();
  assertStringIncludes(bob.text, "Welcome to bobchat, guest2. Here: guest1.");
  bob.feed("hello\n", null);
  await chat.flush();
  assertStringIncludes(alice.text, "*** guest2 left (1 here)\r\n");
  assert(bob.isClosed);
  assertEquals(chat.metrics.count(CONNECTIONS.lines), 2);
});

Deno.test("a reset is told as a lost connection, and is nobody else's matter", async () => {
  await using chat = open();
  const [alice, bob] = [await chat.enter(), await chat.enter()];
  for (const person of [alice, bob]) person.feed("hello\n");
  await chat.flush();
  bob.feed(new Deno.errors.ConnectionReset("reset"));
  await chat.flush();
  assertStringIncludes(alice.text, "*** guest2 left: connection lost (1 here)\r\n");
});

Deno.test("one too many gets a line, is closed, and takes nobody's place", async () => {
  await using chat = open({ maxClients: 1 });
  const alice = await chat.enter();
  const late = await chat.enter();
  assertEquals(late.text, "*** The room is full (it holds 1): try again later.\r\n");
  late.feed("let me in", null);
  await chat.flush();
  assert(late.isClosed);
  assertEquals([chat.metrics.count(REFUSALS.full), chat.metrics.count(CONNECTIONS.lines)], [1, 1]);
  assert(!alice.text.includes("let me in"));
  alice.feed(null);
  await chat.flush();
  assertStringIncludes((await chat.enter()).text, "Welcome to bobchat, guest2.");
});

Deno.test("a join says how long whoever says nothing is not announced", async () => {
  const queue = new Queue<Event>({ capacity: 9, weigh: () => 1, now: () => 0, yieldToEventLoop });
  const parts = { queue, metrics: createMetrics(), limits: NO_LIMITS };
  const open = new OpenConnections({ ...parts, stop: new AbortController().signal });
  const intake = new Intake({ ...parts, connections: new Connections(), open });
  const makeProtocol = () => new LineProtocol(64);
  const json = { token: "secret", encoder: LINE_ENCODER };
  const served = [
    intake.serve(new FakeConnection("192.0.2.1"), { makeProtocol, announceIn: 60_000 }),
    intake.serve(new FakeConnection("192.0.2.2"), { makeProtocol }),
    intake.serve(new FakeConnection("192.0.2.1"), {
      makeProtocol: () => new JsonProtocol({ maxLine: 64, ...json }),
    }),
    intake.serve(new FakeConnection("192.0.2.1"), { makeProtocol: classicProtocol }),
  ];
  const { value: events = [] } = await queue[Symbol.asyncIterator]().next();
  const joins = events.filter((event: Event) => event.kind === "join");
  assertEquals(joins.map(({ announceIn }: Join) => announceIn), [60_000, 5000, 5000, 0]);
  await open.close(0);
  await Promise.all(served);
});

Deno.test("the writer is told of a link that is lost and back, of which browser it is, and of the limit", async () => {
  const queue = new Queue<Event>({ capacity: 9, weigh: () => 1, now: () => 0, yieldToEventLoop });
  const parts = { queue, metrics: createMetrics(), limits: NO_LIMITS };
  const open = new OpenConnections({ ...parts, stop: new AbortController().signal });
  const intake = new Intake({ ...parts, connections: new Connections(), open });
  let tell = (_isLost: boolean) => {};
  class Losable extends FakeConnection {
    onLost(run: (isLost: boolean) => void): void {
      tell = run;
    }
  }
  const json = { maxLine: 64, token: "secret", browser: "hash" };
  const served = intake.serve(new Losable(), { makeProtocol: () => new JsonProtocol(json) });
  tell(true);
  tell(false);
  const { value: events = [] } = await queue[Symbol.asyncIterator]().next();
  const [join] = events as [Join];
  assertEquals([join.browser, join.maxDevices], ["hash", 10]);
  assertEquals(events.slice(1), [
    { kind: "link", id: 1, isLost: true },
    { kind: "link", id: 1, isLost: false },
  ]);
  await open.close(0);
  await served;
});

Deno.test("an address has its own cap", async () => {
  await using chat = open({ maxPerAddress: 1 });
  const first = await chat.enter("192.0.2.1");
  const second = await chat.enter("192.0.2.1");
  const other = await chat.enter("192.0.2.2");
  assertStringIncludes(second.text, "Your address has reached its limit of connections (1)");
  assertStringIncludes(other.text, "Welcome");
  assertEquals(chat.metrics.count(REFUSALS.address), 1);
  first.feed(null);
  await chat.flush();
  assertStringIncludes((await chat.enter("192.0.2.1")).text, "Welcome");
});

Deno.test("closing waits for the connections, and closes those that take too long", async () => {
  const chat = open();
  const alice = await chat.enter();
  const closing = chat.open.close(1);
  await closing;
  assert(alice.isClosed);
  await settle();
  await chat[Symbol.asyncDispose]();
});

Deno.test("who goes on from another address counts there", async () => {
  await using chat = open({ maxPerAddress: 1 });
  let move = (_before: string): void => fail("nobody is told");
  const app = new FakeConnection("192.0.2.1");
  const moving = Object.assign(app, { onMoved: (run: typeof move) => void (move = run) });
  await chat.enter("192.0.2.1", moving);
  Object.assign(app, { address: "192.0.2.2" });
  move("192.0.2.1");
  assertStringIncludes((await chat.enter("192.0.2.1")).text, "Welcome");
  assertStringIncludes((await chat.enter("192.0.2.2")).text, "Your address has reached its limit");
  app.feed(null);
  await chat.flush();
  assertStringIncludes((await chat.enter("192.0.2.2")).text, "Welcome");
});

Deno.test("an IPv6 network has the cap of one address", async () => {
  await using chat = open({ maxPerAddress: 2 });
  await chat.enter("2001:db8::1");
  await chat.enter("2001:db8::2");
  assertStringIncludes(
    (await chat.enter("2001:db8::3")).text,
    "Your address has reached its limit",
  );
  assertStringIncludes((await chat.enter("2001:db8:0:1::3")).text, "Welcome");
});

const SECRET = { opens: (guess: string) => guess === "sesame" };
const CROWDED =
  "*** You are disconnected: others came, and you had waited longest for the password.\r\n";

Deno.test("whoever says nothing at the password prompt keeps nobody out who knows it", async () => {
  await using chat = open({ maxClients: 8 }, SECRET);
  const enter = async (address: string) => {
    const person = await chat.enter(address);
    person.feed("sesame\n");
    await chat.flush();
    return person;
  };
  const silent = [];
  for (let i = 0; i < 5; i++) silent.push(await chat.enter("192.0.2.1"));
  // Three of one network at least, and half of all at most.
  assertEquals(silent.map(({ text }) => text.includes(CROWDED)), [true, true, false, false, false]);
  for (let i = 2; i < 5; i++) silent.push(await chat.enter(`192.0.2.${i}`));
  assertEquals(silent.map(({ text }) => text.includes(CROWDED)).slice(2), [
    ...[true, true, false, false, false, false],
  ]);
  for (let i = 0; i < 7; i++) {
    assertStringIncludes((await enter(`198.51.100.${i}`)).text, "Welcome");
  }
  // All places but one are taken by people: what was left at the prompt has made room.
  assertEquals(silent.filter(({ text }) => !text.includes(CROWDED)).length, 1);
  assertStringIncludes((await enter("198.51.100.9")).text, "Welcome");
  assertStringIncludes((await chat.enter("198.51.100.10")).text, "The room is full");
});

Deno.test("who was put out takes no place at an address that their app continues from", async () => {
  await using chat = open({ maxClients: 8, maxPerAddress: 3 }, SECRET);
  let move = (_before: string) => {};
  const roamer = Object.assign(new FakeConnection("192.0.2.1"), {
    onMoved: (run: typeof move) => void (move = run),
  });
  await chat.enter(undefined, roamer);
  for (const i of [1, 1, 2, 3]) await chat.enter(`192.0.2.${i}`);
  assertStringIncludes(roamer.text, CROWDED);
  Object.assign(roamer, { address: "198.51.100.1" });
  move("192.0.2.1");
  for (let i = 0; i < 3; i++) {
    const { text } = await chat.enter("198.51.100.1");
    assert(!text.includes("Your address has reached its limit"), text);
  }
});

Deno.test("nothing is read behind a guess before it is known whether that is the password", async () => {
  await using chat = open({}, SECRET);
  const alice = await chat.enter(), bob = await chat.enter();
  bob.feed("barley\nsesame\nhello\n");
  alice.feed("sesame\n");
  await chat.flush();
  assertStringIncludes(bob.text, "*** That is not the password: type it again.\r\n*** Welcome");
  bob.feed("well?\n");
  await chat.flush();
  assertStringIncludes(bob.text, ": hello\r\n");
  assertStringIncludes(alice.text, ": well?\r\n");
});

Deno.test("a burst of requests puts nobody out who reads", async () => {
  await using chat = open({ maxPending: 4096 });
  const alice = await chat.enter();
  alice.feed("/help\n".repeat(60));
  for (let i = 0; i < 60; i++) await chat.flush();
  assertEquals(alice.text.match(/For|Talking:/g)?.length, 60);
  alice.feed("still here\n");
  await chat.flush();
  assertStringIncludes(alice.text, ": still here\r\n");
});

Deno.test("each end of a connection is counted once, by why it ended", async () => {
  await using chat = open();
  const [left, lost, quit, stays] = [
    await chat.enter(),
    await chat.enter(),
    await chat.enter(),
    await chat.enter(),
  ];
  left.feed(null);
  lost.feed(new Deno.errors.ConnectionReset("reset"));
  quit.feed("/quit\n");
  await chat.flush();
  quit.feed(null);
  await chat.flush();
  const closes = () =>
    Object.fromEntries(
      Object.entries(CLOSES).map(([reason, counter]) => [reason, chat.metrics.count(counter)]),
    );
  const none = { slow: 0, stalled: 0, idle: 0, password: 0, ended: 0, left: 0, lost: 0 };
  assertEquals(closes(), { ...none, left: 1, lost: 1, ended: 1 });
  // More than may wait.
  stays.feed("hello\n");
  for (let i = 0; i < 20; i++) {
    const { outbox } = chat.connections.get(4)!;
    outbox.write(toChunk(new Uint8Array(1000)));
  }
  await chat.flush();
  stays.feed(null);
  await chat.flush();
  assertEquals(closes(), { ...none, left: 1, lost: 1, ended: 1, slow: 1 });
  const counts = chat.metrics.counts();
  const dropped = ["evicted", "broken", "ended"].reduce(
    (sum, reason) => sum + counts[`bobchat_dropped_bytes_total ${reason}`]!,
    0,
  );
  assert(dropped >= 10_000);
  assertEquals(
    counts["bobchat_queued_bytes_total"],
    counts["bobchat_sent_bytes_total"]! + dropped,
    "what was handed over is what was sent and what was dropped",
  );
});

Deno.test("the slowest readers are those for whom the most waits", async () => {
  await using chat = open({ maxPending: 100_000 });
  const people = [await chat.enter(), await chat.enter(), await chat.enter()];
  assertEquals(chat.open.slowest(5), []);
  for (const [id, size] of [[1, 20_000], [2, 40_000], [3, 100]] as const) {
    chat.connections.get(id)!.outbox.write(toChunk(new Uint8Array(size)));
  }
  const slowest = chat.open.slowest(5);
  assertEquals(slowest.map(({ name, pending }) => [name, pending]), [
    ["guest2", 40_000],
    ["guest1", 20_000],
  ]);
  assertEquals(chat.open.slowest(1).length, 1);
  await chat.flush();
  assertEquals(chat.open.slowest(5), []);
  assert(people.every(({ isClosed }) => !isClosed));
});
