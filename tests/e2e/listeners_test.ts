// The same room by every carrier: floods, lines that are too long, resets, and everyone in one order.

import { assert, assertEquals, assertLess, assertMatch, assertStringIncludes } from "../assert.ts";
import { Client, Program, testWith } from "./bobchat.ts";
import { CARRIERS, testCarriers, TestServer } from "./listeners.ts";

const DRIVER = new URL("sockets.py", import.meta.url).pathname;

/** The texts of the messages of one sender, in order. */
function texts({ incoming }: Client, name: string): string[] {
  return [...incoming.text.matchAll(new RegExp(`^${name}\\(.*?\\): (.*)\r$`, "gm"))]
    .map(([, text]) => text!);
}

testWith(["openssl"], "people by all carriers are in one room, in one order", async () => {
  await using server = await TestServer.open(["--rate", "0", "--replay", "0"]);
  await using people = new AsyncDisposableStack();
  const clients: Client[] = [];
  for (const carrier of CARRIERS) {
    for (const number of [1, 2]) {
      clients.push(people.use(await server.join(carrier, `${carrier}${number}`)));
    }
  }
  const [first] = clients;
  await first!.send("/who\n");
  await first!.until("*** Here (6): tcp1, tcp2, tls1, tls2, web1, web2\r\n");
  // All talk at once; whoever hears all of it has heard it in the order that all others have.
  await Promise.all(
    clients.map((client, i) =>
      client.send(Array.from({ length: 100 }, (_, n) => `${i}-${n}\n`).join(""))
    ),
  );
  const said = ({ incoming }: Client) =>
    [...incoming.bytes.matchAll(/^\w+\(.*?\): (\d-\d+)\r$/gm)].map(([, text]) => text!);
  for (const client of clients) {
    await client.incoming.when(() => said(client).length === 600, "600 messages");
  }
  assertEquals(new Set(said(first!)).size, 600);
  for (const client of clients) assertEquals(said(client), said(first!));
  assertEquals(await server.bobchat.stop(), 0);
});

testCarriers([], "over the rate nothing is lost, and the sender waits", async (carrier) => {
  await using server = await TestServer.open(["--rate", "50", "--burst", "5"]);
  using alice = await server.join(carrier);
  using bob = await server.join("tcp");
  const lines = Array.from({ length: 30 }, (_, i) => `line ${i}`);
  const since = performance.now();
  await alice.send(lines.map((line) => `${line}\n`).join(""));
  await bob.until(": line 29\r\n");
  const took = performance.now() - since;
  assertEquals(texts(bob, "guest1"), lines);
  // The burst is free, each line behind it has to wait for 20 ms; timers may be a little early.
  assert(took > 0.9 * (30 - 5) / 50 * 1000, `took ${took} ms`);
  await alice.until(": line 29\r\n");
});

testCarriers([], "a flood loses nothing, and the others are heard", async (carrier) => {
  await using server = await TestServer.open(["--rate", "0"]);
  using flooder = await server.join(carrier, "flooder");
  using alice = await server.join(carrier, "alice");
  using bob = await server.join("tcp", "bob");
  const lines = Array.from({ length: 5000 }, (_, i) => `line ${i}`);
  const flood = (async () => {
    for (let i = 0; i < lines.length; i += 100) {
      await flooder.send(lines.slice(i, i + 100).map((line) => `${line}\n`).join(""));
    }
  })();
  await alice.send("may I?\n");
  await bob.until(": may I?\r\n");
  await flood;
  for (const client of [flooder, alice, bob]) {
    await client.until(": line 4999\r\n");
    assertEquals(texts(client, "flooder"), lines);
  }
});

testCarriers([], "a line over the limit is told to its sender and not sent", async (carrier) => {
  await using server = await TestServer.open(["--max-line", "64"]);
  using alice = await server.join(carrier, "alice");
  using bob = await server.join("tcp");
  const long = "y".repeat(65);
  await alice.send(`${"x".repeat(64)}\r\n${long}\r\n${long.repeat(40)}\nfine\n`);
  await bob.until(": fine\r\n");
  assertEquals(texts(bob, "alice"), ["x".repeat(64), "fine"]);
  const told = await alice.until(": fine\r\n");
  assertEquals(told.match(/^\*\*\* That line was longer than 64 bytes, so /gm)?.length, 2, told);
  assert(!bob.incoming.text.includes("longer than"));
});

testCarriers(["python3"], "a thousand connect and reset, and the room goes on", async (carrier) => {
  await using server = await TestServer.open(["--log-level", "warning"]);
  using alice = await server.join("tcp", "alice");
  const scenario = [DRIVER, "resets_thousand", `${server.port}`, carrier];
  await using driver = new Program(["python3", scenario]);
  assertEquals([await driver.end(), driver.stdout.text], [0, "done\n"], driver.stderr.text);
  using bob = await server.join(carrier, "bob");
  await alice.send("all well?\n");
  await bob.until(": all well?\r\n");
  await bob.send("yes\n");
  await alice.until(/^bob\(.*\): yes\r$/m);
  assertEquals(server.bobchat.stderr.text, "");
  assertEquals(await server.bobchat.stop(), 0);
});

for (const carrier of ["tcp", "tls"]) {
  testWith(
    ["openssl", "python3"],
    `a reset ends one connection, and the others are told, by ${carrier}`,
    async () => {
      await using server = await TestServer.open();
      using alice = await server.join("tcp", "alice");
      const port = server.port;
      await using driver = new Program(["python3", [DRIVER, "resets_joined", `${port}`, carrier]]);
      assertEquals(await driver.end(), 0, driver.stderr.text);
      const heard = await alice.until(/^\*\*\* resetter left.*\(1 here\)\r\n/m);
      assertMatch(heard, /^resetter\(.*\): last words\r$/m);
    },
  );
}

testCarriers(
  [],
  "a server that stops says so, and loses nothing that was sent before",
  async (carrier) => {
    await using server = await TestServer.open();
    using alice = await server.join(carrier, "alice");
    using bob = await server.join(carrier, "bob");
    await alice.send("one\ntwo\nthree\n");
    assertEquals(await server.bobchat.stop(), 0);
    for (const client of [alice, bob]) {
      const heard = await client.end();
      assertStringIncludes(heard, "*** The room is closing: goodbye\r\n");
      assertEquals(texts(client, "alice"), ["one", "two", "three"]);
    }
  },
);

for (const carrier of ["tls", "web"] as const) {
  testWith(
    ["openssl"],
    `whoever ends without a word is not waited for, by ${carrier}`,
    async () => {
      await using server = await TestServer.open();
      using silent = await Client.connect(server.port);
      const since = performance.now();
      await silent.endWrites();
      await silent.end();
      // Half of the time that whoever says nothing has.
      assertLess(performance.now() - since, 5000);
    },
  );
}
