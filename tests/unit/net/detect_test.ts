// Detection over connections in memory: who is handed to whom, with which bytes, and when.

import fc from "fast-check";
import { Networks } from "../../../lib/chat/address.ts";
import { Detection, type Row } from "../../../lib/net/detect.ts";
import type { PeekedConnection } from "../../../lib/net/peeked.ts";
import { isHttp, isTls } from "../../../lib/wire/first_bytes.ts";
import { assert, assertEquals } from "../../assert.ts";
import { settle } from "./fake_connection.ts";
import { FakePeeked } from "./fake_peeked.ts";

/** Longer than any test. */
const LONG = 60_000;

/** Where a browser was lately. */
const BROWSER = "192.0.2.80";

/** A detection that notes who was handed to whom. */
function detecting(
  options: {
    silence?: number;
    more?: number;
    most?: number;
    mostPerNetwork?: number;
    deadlineMs?: number;
    proxies?: Networks;
  } = {},
) {
  const { silence = LONG, more = LONG, most = 100, mostPerNetwork = most, deadlineMs = LONG } =
    options;
  const served: [string, PeekedConnection][] = [];
  let another = Promise.withResolvers<void>();
  const serve = (name: string) => (connection: PeekedConnection) => {
    served.push([name, connection]);
    another.resolve();
    another = Promise.withResolvers();
  };
  const rows: Row[] = [
    { name: "TLS", matches: isTls, serve: serve("TLS") },
    { name: "HTTP", matches: isHttp, serve: serve("HTTP") },
  ];
  const detection = new Detection({
    rows,
    lines: serve("lines"),
    browsers: { wereAt: (address) => address === BROWSER },
    ...{ silence, more },
    pending: { most, mostPerNetwork, deadlineMs },
    proxies: options.proxies,
  });
  return {
    detection,
    names: () => served.map(([name]) => name),
    /** Who was handed to a row. */
    to: (row: string) => served.filter(([name]) => name === row).map(([, each]) => each),
    /** Resolves once so many were handed over. */
    served: async (count: number) => {
      while (served.length < count) await another.promise;
    },
    [Symbol.dispose]: () => detection.close(),
  };
}

/** Reads a connection to its end. */
async function all(connection: PeekedConnection, size: number): Promise<string> {
  const buffer = new Uint8Array(size);
  let text = "";
  for (let count; (count = await connection.read(buffer)) !== null;) {
    text += String.fromCharCode(...buffer.subarray(0, count));
  }
  return text;
}

const latin1 = (text: string) => Uint8Array.from(text, (character) => character.charCodeAt(0));

const STREAMS: [string, string][] = [
  ["HTTP", "GET / HTTP/1.1\r\nHost: x\r\n\r\n"],
  ["TLS", "\x16\x03\x01\x02\x00\x01"],
  ["lines", "hello\nGET / HTTP/1.1\n"],
  ["lines", "\xff\xfd\x03hello"],
  ["lines", "hello"],
  ["HTTP", "GET / HT"],
];

Deno.test("however first bytes are split, one is served, and reads all of them", async () => {
  const cases = fc.record({
    stream: fc.constantFrom(...STREAMS),
    sizes: fc.array(fc.integer({ min: 1, max: 30 }), { minLength: 1, maxLength: 6 }),
    size: fc.integer({ min: 1, max: 200 }),
  });
  await fc.assert(
    fc.asyncProperty(cases, async ({ stream: [name, text], sizes, size }) => {
      using test = detecting();
      const connection = new FakePeeked();
      for (let start = 0, i = 0; start < text.length; i++) {
        const end = start + sizes[i % sizes.length]!;
        connection.fake.feed(latin1(text.slice(start, end)));
        start = end;
      }
      connection.fake.feed(null);
      test.detection.serve(connection);
      await test.served(1);
      assertEquals(test.names(), [name]);
      assertEquals(await all(connection, size), text);
    }),
  );
});

Deno.test("what was given back before detection comes after what it gives back", async () => {
  const text = "GET / HTTP/1.1\r\nHost: x\r\n\r\n";
  await fc.assert(
    fc.asyncProperty(fc.nat(text.length * 9), fc.integer({ min: 1, max: 90 }), async (at, size) => {
      using test = detecting();
      const connection = new FakePeeked(), long = `${text}${"y".repeat(text.length * 8)}`;
      connection.unread(latin1(long.slice(0, at)));
      connection.fake.feed(long.slice(at), null);
      test.detection.serve(connection);
      await test.served(1);
      assertEquals(test.names(), ["HTTP"]);
      assertEquals(await all(connection, size), long);
    }),
  );
});

Deno.test("who says nothing for a moment speaks lines, and what comes then is not lost", async () => {
  using test = detecting({ silence: 5 });
  const silent = new FakePeeked(), slow = new FakePeeked();
  test.detection.serve(silent);
  slow.fake.feed("hel");
  test.detection.serve(slow);
  await test.served(1);
  await settle();
  assertEquals(test.names(), ["lines", "lines"]);
  slow.fake.feed("lo\n", null);
  silent.fake.feed(latin1("x".repeat(60)), "GET / HTTP/1.1\n", null);
  assertEquals(await all(slow, 2), "hello\n");
  assertEquals(await all(silent, 7), `${"x".repeat(60)}GET / HTTP/1.1\n`);
});

Deno.test("where a browser was, who says nothing may still ask, and is greeted later", async () => {
  using test = detecting({ silence: 5, more: 60 });
  const spare = new FakePeeked(BROWSER), asks = new FakePeeked(BROWSER), other = new FakePeeked();
  const since = performance.now();
  for (const each of [spare, asks, other]) test.detection.serve(each);
  await test.served(1);
  assertEquals(test.to("lines"), [other]);
  asks.fake.feed("GET / HTTP/1.1\r\n");
  await test.served(2);
  assertEquals(test.to("HTTP"), [asks]);
  await test.served(3);
  assertEquals(test.to("lines"), [other, spare]);
  assert(performance.now() - since > 60, "it had no time to ask");
});

Deno.test("where a browser was, who types is served as anywhere", async () => {
  using test = detecting({ silence: 5 });
  const whole = new FakePeeked(BROWSER), half = new FakePeeked(BROWSER);
  const late = new FakePeeked(BROWSER), halfLate = new FakePeeked(BROWSER);
  for (const each of [whole, half, late, halfLate]) test.detection.serve(each);
  whole.fake.feed("hello\n");
  half.fake.feed("hel");
  await test.served(2);
  assertEquals(test.to("lines"), [whole, half]);
  late.fake.feed("hello\n");
  await test.served(3);
  halfLate.fake.feed("hel");
  await test.served(4);
  assertEquals(test.to("lines"), [whole, half, late, halfLate]);
});

Deno.test("where a browser was, who says nothing is closed when the server stops, and greeted in a crowd", async () => {
  using test = detecting({ silence: 1, most: 2 });
  const first = new FakePeeked(BROWSER), other = new FakePeeked();
  const spares = [new FakePeeked(BROWSER), new FakePeeked(BROWSER)];
  test.detection.serve(first);
  test.detection.serve(other);
  // Its silence began later, so that of the first is over too.
  await test.served(1);
  assertEquals(test.to("lines"), [other]);
  for (const spare of spares) test.detection.serve(spare);
  assertEquals(test.to("lines"), [other, first]);
  test.detection.close();
  await Promise.all(spares.map((spare) => spare.closed()));
  assertEquals(test.names(), ["lines", "lines"]);
});

Deno.test("who spoke while everything stood still is not greeted", async () => {
  using test = detecting({ silence: 5 });
  const connection = new FakePeeked();
  test.detection.serve(connection);
  for (const since = performance.now(); performance.now() - since < 60;);
  // It comes in a few turns, as if through TLS.
  for (let turn = 0; turn < 5; turn++) await settle();
  connection.fake.feed("GET / HTTP/1.1\r\n");
  await test.served(1);
  assertEquals(test.names(), ["HTTP"]);
});

Deno.test("half a request is awaited beyond the silence, up to the deadline", async () => {
  using test = detecting({ silence: 1, deadlineMs: 30 });
  const half = new FakePeeked(), whole = new FakePeeked(), silent = new FakePeeked();
  half.fake.feed("GET / HT");
  whole.fake.feed("GET / HT");
  test.detection.serve(half);
  test.detection.serve(whole);
  test.detection.serve(silent);
  await test.served(1);
  assertEquals(test.names(), ["lines"]);
  whole.fake.feed("TP/1.1\r\n");
  await settle();
  assertEquals(test.names(), ["lines", "HTTP"]);
  await half.closed();
  assertEquals(test.names(), ["lines", "HTTP"]);
  assert(!whole.fake.isClosed);
});

Deno.test("who comes and goes without a word, or is reset, is served by nobody", async () => {
  using test = detecting();
  const gone = new FakePeeked(), reset = new FakePeeked();
  gone.fake.feed(null);
  reset.fake.feed("GET", new Deno.errors.ConnectionReset("reset"));
  test.detection.serve(gone);
  test.detection.serve(reset);
  await Promise.all([gone.closed(), reset.closed()]);
  assertEquals(test.names(), []);
});

Deno.test("when the server stops, who is not decided yet and who still comes is closed", async () => {
  using test = detecting({ silence: 1 });
  const before = new FakePeeked(), after = new FakePeeked();
  test.detection.serve(before);
  test.detection.close();
  test.detection.serve(after);
  await Promise.all([before.closed(), after.closed()]);
  assertEquals(test.names(), []);
});

Deno.test("when too many wait, who has said nothing is greeted, and half a request is closed", async () => {
  using test = detecting({ most: 2 });
  const half = new FakePeeked(), silent = new FakePeeked();
  half.fake.feed("GET / HT");
  test.detection.serve(half);
  test.detection.serve(silent);
  await settle();
  test.detection.serve(new FakePeeked());
  await half.closed();
  assertEquals(test.names(), []);
  test.detection.serve(new FakePeeked());
  assertEquals(test.names(), ["lines"]);
  assert(!silent.fake.isClosed);
});

Deno.test("of one network only so many first lines are awaited, but for those of a trusted proxy", async () => {
  using test = detecting({ mostPerNetwork: 2, proxies: new Networks(["192.0.2.9"]) });
  const come = async (address: string, port = 1) => {
    const connection = new FakePeeked(address);
    connection.remote = `${address}:${port}`;
    connection.fake.feed("GET / HT");
    test.detection.serve(connection);
    await settle();
    return connection.fake;
  };
  const all = [await come("192.0.2.2")];
  for (let port = 1; port <= 4; port++) all.push(await come("192.0.2.1", port));
  for (let port = 1; port <= 4; port++) all.push(await come("192.0.2.9", port));
  assertEquals(
    all.map(({ isClosed }) => isClosed),
    [false, true, true, false, false, false, false, false, false],
  );
});

Deno.test("a first line without an end is somebody's after 8 KiB", async () => {
  for (const [name, text] of [["lines", "x".repeat(9000)], ["HTTP", `GET /${"x".repeat(9000)}`]]) {
    using test = detecting();
    const connection = new FakePeeked();
    connection.fake.feed(text!);
    test.detection.serve(connection);
    await test.served(1);
    assertEquals(test.names(), [name]);
    connection.fake.feed(null);
    assertEquals(await all(connection, 4096), text);
  }
});
