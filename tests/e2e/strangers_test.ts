// What strangers may ask for, and how often they may guess: it costs them more than everybody else.

import { assert, assertEquals, assertLess, assertStringIncludes } from "../assert.ts";
import { App } from "./app.ts";
import { Bobchat, Client, needsNetwork } from "./bobchat.ts";

const ENCODER = new TextEncoder(), DECODER = new TextDecoder();

/** A server with a password for as long as the test runs: what the others know. */
async function withPassword(
  args: readonly string[],
  test: (bobchat: Bobchat) => Promise<void>,
): Promise<void> {
  const path = await Deno.makeTempFile();
  try {
    await Deno.writeTextFile(path, "open sesame\n");
    await using bobchat = await Bobchat.start([...args, "--password-file", path]);
    await test(bobchat);
  } finally {
    await Deno.remove(path);
  }
}

/** Says so many lines, and hears them. */
async function talk(client: Client, count: number): Promise<void> {
  for (let i = 0; i < count; i++) {
    await client.send(`line ${i}.\n`);
    await client.until(`: line ${i}.\r\n`);
  }
}

Deno.test(
  "/history 1000 is paid for by its size, and forty at once put nobody out",
  needsNetwork,
  async () => {
    const folder = await Deno.makeTempDir();
    try {
      const args = ["--history", `${folder}/chat.db`];
      {
        await using bobchat = await Bobchat.start([...args, "--rate", "0"]);
        using alice = await Client.join(bobchat.port);
        await alice.send(
          Array.from({ length: 1500 }, (_, i) => `word ${i} of many that are said here, ${i}\n`)
            .join(""),
        );
        await alice.until("here, 1499\r\n");
        assertEquals(await bobchat.stop(), 0);
      }
      await using bobchat = await Bobchat.start(args);
      using alice = await Client.join(bobchat.port);
      using crowd = new DisposableStack();
      const many: Client[] = [];
      for (let i = 0; i < 30; i++) many.push(crowd.use(await Client.join(bobchat.port)));
      for (const each of many) await each.send("/history 1000\n".repeat(40));
      const since = performance.now();
      await talk(alice, 30);
      const answers = many.map(({ incoming }) =>
        incoming.bytes.split("*** So far in #lobby.").length - 1
      );
      // Each answer has some 60 KiB: three for the burst, then one in 1.5 s.
      const seconds = (performance.now() - since) / 1000;
      assertLess(Math.max(...answers), 5 + seconds);
      assert(!bobchat.stderr.text.includes("reads too slowly"), bobchat.stderr.text);
      assertEquals(await bobchat.stop(), 0);
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  },
);

Deno.test(
  "whoever does not read what they asked for holds up nobody, and has it all when they do",
  needsNetwork,
  async () => {
    await using bobchat = await Bobchat.start(["--rate", "0", "--max-pending", "512KiB"]);
    using alice = await Client.join(bobchat.port);
    await alice.send(Array.from({ length: 1000 }, (_, i) => `${i} ${"x".repeat(50)}\n`).join(""));
    await alice.until("999 x");
    // Ten times what the system takes for somebody who does not read.
    const count = 300;
    using conn = await Deno.connect({ hostname: "127.0.0.1", port: bobchat.port });
    await conn.write(ENCODER.encode("/history 1000\n".repeat(count)));
    await talk(alice, 100);
    assert(!bobchat.stderr.text.includes("disconnect guest2"), bobchat.stderr.text);
    const buffer = new Uint8Array(65_536);
    let answers = 0, rest = "";
    while (answers < count) {
      const size = await conn.read(buffer);
      assert(size !== null, `ended after ${answers} answers`);
      const text = rest + DECODER.decode(buffer.subarray(0, size));
      answers += text.split("*** So far in #lobby.\r\n").length - 1;
      rest = text.slice(text.lastIndexOf("\n") + 1);
    }
    assertEquals(answers, count);
  },
);

Deno.test(
  "whoever says nothing at the password prompt keeps nobody out who knows it",
  needsNetwork,
  () =>
    withPassword(["--max-clients", "10"], async (bobchat) => {
      using silent = new DisposableStack();
      const first = silent.use(await Client.connect(bobchat.port));
      await first.until("This room has a password: type it.");
      for (let i = 0; i < 30; i++) silent.use(await Client.connect(bobchat.port));
      using alice = await Client.connect(bobchat.port);
      await alice.send("open sesame\nhello\n");
      await alice.until(/Welcome[^]*: hello\r\n/);
      assertStringIncludes(
        await first.end(),
        "*** You are disconnected: others came, and you had waited longest",
      );
    }),
);

Deno.test(
  "guesses at the server password get slow",
  needsNetwork,
  () =>
    withPassword([], async (bobchat) => {
      using crowd = new DisposableStack();
      const many: Client[] = [], apps: App[] = [];
      for (let i = 0; i < 20; i++) many.push(crowd.use(await Client.connect(bobchat.port)));
      for (let i = 0; i < 5; i++) apps.push(crowd.use(await App.open(bobchat.port)));
      const since = performance.now();
      for (const each of many) await each.send("a\nb\nc\n");
      await Promise.any(many.map((each) => each.until("Too many on your network")));
      // Whoever is refused a look has not guessed. One may find a place that has become free, but not all five.
      for (const app of apps) await app.send({ type: "join", key: "d" });
      await Promise.any(
        apps.map((app) =>
          app.until(({ text }) => String(text).startsWith("Too many on your network"))
        ),
      );
      const missed = () =>
        many.flatMap(({ incoming }) => incoming.bytes.match(/That is not the password/g) ?? [])
          .length;
      await Promise.any(
        many.map(({ incoming }) => incoming.when(() => missed() >= 3, "three misses")),
      );
      // Two are free, then it is one, two, four seconds and so on.
      assertLess(missed(), 4 + Math.log2(1 + (performance.now() - since) / 1000));
    }),
);

Deno.test("one network registers ten names, then one a minute", needsNetwork, async () => {
  await using bobchat = await Bobchat.start();
  using crowd = new DisposableStack();
  for (let i = 0; i < 11; i++) {
    const client = crowd.use(await Client.join(bobchat.port, `name${i}`));
    await client.send(`/register password${i}\n`);
    await client.until(
      i < 10
        ? `name${i} is yours now`
        : "Too many names were registered from your network: try again in a minute.",
    );
  }
});

Deno.test(
  "a proxy that is not trusted is named once, with what to do",
  needsNetwork,
  async () => {
    await using bobchat = await Bobchat.start();
    for (const guest of [1, 2, 3]) {
      const headers = { "X-Forwarded-For": `198.51.100.${guest}` };
      using app = await App.open(bobchat.port, { headers });
      await app.send({ type: "join" });
      await bobchat.stderr.until(` connection ${guest} from 127.0.0.1:`);
    }
    assertEquals(bobchat.stderr.text.match(/X-Forwarded-For/g)?.length, 1);
    assertStringIncludes(bobchat.stderr.text, "start with --trusted-proxy 127.0.0.1\n");
  },
);

Deno.test(
  "whom a trusted proxy does not know is one client, and not the proxy",
  needsNetwork,
  async () => {
    const args = ["--trusted-proxy", "127.0.0.1", "--max-per-address", "1"];
    await using bobchat = await Bobchat.start(args);
    using all = new DisposableStack();
    const enter = async (forwarded: string) => {
      const headers = { "X-Forwarded-For": forwarded };
      const app = all.use(await App.open(bobchat.port, { headers }));
      await app.send({ type: "join" });
      return await app.until(({ type }) => type === "welcome" || type === "notice");
    };
    await enter("unknown");
    await bobchat.stderr.until(/ connection 1 from "unknown by 127\.0\.0\.1:\d+"\n/);
    const second = await enter("_hidden");
    assertStringIncludes(String(second.text), "Your address has reached its limit of connections");
    assertEquals((await enter("198.51.100.7")).type, "welcome");
    // The proxy itself has its own place.
    using alice = await Client.join(bobchat.port);
    await alice.send("all well?\n");
    await alice.until(": all well?\r\n");
  },
);
