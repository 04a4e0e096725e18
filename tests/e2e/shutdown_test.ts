// The end: a signal closes the room in order, and nothing said before it is lost.

import { assertEquals, assertMatch } from "../assert.ts";
import { Bobchat, Client, inTime, needsNetwork, NOTHING } from "./bobchat.ts";

const CLOSING = "*** The room is closing: goodbye\r\n";
/** More lines than the burst: at the end nobody waits for the rate. */
const LISTENERS = 200, LINES = 60;

for (const signal of ["SIGTERM", "SIGINT"] as const) {
  Deno.test(
    `${signal} while 200 receive: each gets every message, then the goodbye`,
    needsNetwork,
    async () => {
      await using bobchat = await Bobchat.start(["--log-level", "warning"]);
      using talker = await Client.join(bobchat.port, "talker");
      await using crowd = new AsyncDisposableStack();
      const listeners: Client[] = [];
      while (listeners.length < LISTENERS) {
        listeners.push(crowd.use(await Client.join(bobchat.port)));
      }
      const lines = Array.from({ length: LINES }, (_, i) => `${i} ${"x".repeat(500)}`);
      await talker.send(lines.map((line) => `${line}\n`).join(""));
      assertEquals(await bobchat.stop(signal), 0);
      for (const listener of listeners) {
        const heard = await listener.end();
        const said = [...heard.matchAll(/^talker\(.*?\): (.*)\r$/gm)].map(([, text]) => text!);
        assertEquals(said, lines);
        assertEquals(heard.slice(-CLOSING.length), CLOSING);
      }
      assertMatch(await talker.end(), /: 59 x+\r\n\*\*\* The room is closing: goodbye\r\n$/);
      assertEquals(bobchat.stderr.text, "");
    },
  );
}

const TWICE = [["SIGTERM", 143], ["SIGINT", 130]] as const;
for (const [signal, code] of TWICE) {
  Deno.test(`a second ${signal} leaves at once`, needsNetwork, async () => {
    await using bobchat = await Bobchat.start();
    // This one does not close when it is told goodbye, so the end waits for it.
    using stalled = await Deno.connect({ hostname: "127.0.0.1", port: bobchat.port });
    await stalled.write(NOTHING);
    await stalled.read(new Uint8Array(1));
    using witness = await Client.join(bobchat.port);
    bobchat.process.kill(signal);
    await witness.until(CLOSING);
    // Within half a second it would count as the first one again.
    const status = inTime(bobchat.process.status, () => "the end");
    const again = setInterval(() => {
      try {
        bobchat.process.kill(signal);
      } catch (error) {
        // It has ended since the last time, and the status says so in a moment.
        if (!(error instanceof TypeError)) throw error;
        clearInterval(again);
      }
    }, 100);
    assertEquals((await status).code, code);
    clearInterval(again);
  });
}

Deno.test("Ctrl-C, which a terminal and deno task both pass on, is one", needsNetwork, async () => {
  await using bobchat = await Bobchat.start();
  using alice = await Client.join(bobchat.port, "alice");
  bobchat.process.kill("SIGINT");
  bobchat.process.kill("SIGINT");
  assertMatch(await alice.end(), /goodbye\r\n$/);
  assertEquals(await bobchat.end(), 0);
});

Deno.test(
  "a backpressure of many lines is said to the end before the goodbye",
  needsNetwork,
  async () => {
    await using bobchat = await Bobchat.start(["--log-level", "warning"]);
    using talker = await Client.join(bobchat.port, "talker");
    await using crowd = new AsyncDisposableStack();
    const listeners: Client[] = [];
    while (listeners.length < 30) listeners.push(crowd.use(await Client.join(bobchat.port)));
    const count = 20_000;
    await talker.send(Array.from({ length: count }, (_, i) => `${i}\n`).join(""));
    assertEquals(await bobchat.stop(), 0);
    for (const listener of listeners) {
      const heard = await listener.end();
      assertEquals(heard.match(/^talker\(/gm)?.length, count);
      assertEquals(heard.slice(-CLOSING.length), CLOSING);
    }
    assertEquals(bobchat.stderr.text, "");
  },
);

Deno.test("a port is free again after the end", needsNetwork, async () => {
  await using bobchat = await Bobchat.start();
  using client = await Client.join(bobchat.port);
  assertEquals(await bobchat.stop(), 0);
  assertMatch(await client.end(), /goodbye\r\n$/);
  await using again = await Bobchat.start(["--port", String(bobchat.port)]);
  assertEquals(again.port, bobchat.port);
});

Deno.test(
  "who has sent half a request by then is closed, and the log says why",
  needsNetwork,
  async () => {
    await using bobchat = await Bobchat.start();
    using half = await Client.connect(bobchat.port);
    await half.send("GET / HT");
    using witness = await Client.connect(bobchat.port);
    await witness.until("Welcome");
    assertEquals(await bobchat.stop(), 0);
    assertEquals(await half.end(), "");
    assertMatch(bobchat.stderr.text, /info close 127\.0\.0\.1:\d+: "the server stops"\n/);
  },
);
