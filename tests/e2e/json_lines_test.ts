// Apps over JSON lines: what nc and jq are enough for.

import { assert, assertEquals } from "../assert.ts";
import { Bobchat, Client, needsNetwork, testWith } from "./bobchat.ts";
import { inFolder } from "./folder.ts";
import { LinesApp } from "./lines_app.ts";
import { makePair } from "./listeners.ts";

Deno.test(
  "over lines an app joins, talks, and has each id confirmed once",
  needsNetwork,
  async () => {
    await using bobchat = await Bobchat.start();
    using bob = await Client.join(bobchat.port, "bob");
    using app = await LinesApp.join(bobchat.port, { name: "ann" });
    await bob.until("*** ann joined (2 here)\r\n");
    await app.send({ type: "say", text: "one", id: 1 });
    await app.send({ type: "say", text: "one", id: 1 });
    await app.send({ type: "say", text: "two", id: 2 });
    await app.until(({ type, id }) => type === "ack" && id === 2);
    const acks = app.frames.filter(({ type }) => type === "ack").map(({ id }) => id);
    assertEquals([app.texts, acks], [["one", "two"], [1, 1, 2]]);
    await bob.until(/^ann\(.*\): two\r$/m);
    await bob.send("hello\n");
    await app.until(({ type, from, text }) =>
      type === "message" && from === "bob" && text === "hello"
    );
  },
);

Deno.test(
  "a new connection goes on where the old one was cut, and misses and doubles nothing",
  needsNetwork,
  async () => {
    await using bobchat = await Bobchat.start(["--rate", "0"]);
    using bob = await Client.join(bobchat.port, "bob");
    using first = await LinesApp.join(bobchat.port, { name: "ann" });
    await bob.send("one\n");
    await first.until(({ text }) => text === "one");
    const { token, received, texts } = first;
    // In the middle of a line that is too long: its rest is no part of what comes next.
    await first.write(`{"type":"say","text":"${"x".repeat(8000)}`);
    first[Symbol.dispose]();
    const lines = Array.from({ length: 200 }, (_, i) => `line ${i}`);
    await bob.send(lines.map((line) => `${line}\n`).join(""));
    await bob.until(": line 199\r\n");
    using second = await LinesApp.connect(bobchat.port);
    await second.send({ type: "join", token, received });
    await second.send({ type: "say", text: "back", id: 1 });
    await second.until(({ type }) => type === "ack");
    assertEquals(second.frames[0], { type: "resumed" });
    assertEquals([...texts, ...second.texts], ["one", ...lines, "back"]);
    // One that is not cut is told that another goes on.
    using third = await LinesApp.connect(bobchat.port);
    await third.send({ type: "join", token, received: received + second.received });
    await third.until(({ type }) => type === "resumed");
    const closed = await second.end();
    assertEquals([closed?.type, closed?.code], ["closed", 4001]);
    assert(!/ann left|guest\d left/.test(bob.incoming.text), "nobody noticed");
  },
);

Deno.test("the last line that an app is sent says why it ends", needsNetwork, async () => {
  await using bobchat = await Bobchat.start();
  const codeOf = async (app: LinesApp) => {
    const closed = await app.end();
    return [closed?.type, closed?.code];
  };
  using early = await LinesApp.connect(bobchat.port);
  await early.send({ type: "say", text: "hello" });
  assertEquals(await codeOf(early), ["closed", 1008]);
  assertEquals(early.frames[0]?.code, "malformed");
  using long = await LinesApp.connect(bobchat.port);
  await long.write(`{"type":"join","name":"${"x".repeat(9000)}`);
  assertEquals(await codeOf(long), ["closed", 1009]);
  using leaves = await LinesApp.join(bobchat.port);
  await leaves.send({ type: "command", name: "quit" });
  assertEquals(await codeOf(leaves), ["closed", 1000]);
  using stays = await LinesApp.join(bobchat.port);
  assertEquals(await bobchat.stop(), 0);
  assertEquals(await codeOf(stays), ["closed", 1001]);
});

Deno.test(
  "a line that is too long or no frame is refused, and the next one is heard",
  needsNetwork,
  async () => {
    await using bobchat = await Bobchat.start();
    using app = await LinesApp.join(bobchat.port);
    await app.write(`{"type":"say","text":"${"x".repeat(8000)}"}\n`);
    await app.until(({ type, code }) => type === "error" && code === "too-long");
    await app.write("{\n\n");
    await app.until(({ text }) => text === "That is no JSON.");
    await app.write('{"type":"say","text":"still here"}\r\n');
    await app.until(({ type, text }) => type === "message" && text === "still here");
    assertEquals(app.texts, ["still here"]);
  },
);

Deno.test(
  "/json may stand before the first object, after blank lines too",
  needsNetwork,
  async () => {
    await using bobchat = await Bobchat.start();
    for (const before of ["/json ", "\r\n/json\t"]) {
      using app = await LinesApp.connect(bobchat.port);
      await app.write(`${before}{"type":"join"}\n{"type":"say","text":"hello","id":1}\n`);
      await app.until(({ type }) => type === "ack");
    }
  },
);

Deno.test("a first line may come byte by byte", needsNetwork, async () => {
  await using bobchat = await Bobchat.start();
  using app = await LinesApp.connect(bobchat.port);
  for (const byte of '/json {"type":"join","name":"ann"}\n') await app.write(byte);
  await app.send({ type: "say", text: "hello" });
  const { from } = await app.until(({ type }) => type === "message");
  assertEquals(from, "ann");
});

Deno.test("an app may end its lines, and is still sent the answers", needsNetwork, async () => {
  await using bobchat = await Bobchat.start();
  using app = await LinesApp.connect(bobchat.port);
  await app.write('{"type":"join"}\n{"type":"say","text":"bye","id":1}\n{"type":"members","id":2}');
  await app.endWrites();
  await app.until(({ type, id }) => type === "ack" && id === 2);
  assertEquals(app.texts, ["bye"]);
});

testWith(
  ["openssl"],
  "JSON lines are spoken inside TLS, and with --tls-only only there",
  async () => {
    using pair = makePair();
    await using bobchat = await Bobchat.start([...pair.flags, "--tls-only"]);
    const { port } = bobchat;
    const caCerts = [await Deno.readTextFile(pair.cert)];
    using app = new LinesApp(await Deno.connectTls({ hostname: "127.0.0.1", port, caCerts }));
    await app.send({ type: "join", name: "ann" });
    await app.send({ type: "say", text: "nobody on the way reads this", id: 1 });
    await app.until(({ type }) => type === "ack");
    using plain = await LinesApp.connect(port);
    await plain.send({ type: "join", token: app.token, received: app.received });
    assertEquals(await plain.end(), {
      type: "closed",
      code: 1008,
      text: "This server speaks TLS only.",
    });
  },
);

testWith(
  ["openssl"],
  "what was private is not continued over a connection that others can read",
  async () => {
    using pair = makePair();
    await using bobchat = await Bobchat.start([...pair.flags, "--host", "0.0.0.0"]);
    const [address] = Deno.networkInterfaces().filter(({ family, address }) =>
      family === "IPv4" && !address.startsWith("127.")
    );
    // A machine without a network has nobody on the way.
    if (address === undefined) return;
    const { port } = bobchat, hostname = address.address;
    const caCerts = [await Deno.readTextFile(pair.cert)];
    const conn = await Deno.connectTls({ hostname: "127.0.0.1", port, caCerts });
    using app = new LinesApp(conn);
    await app.send({ type: "join", name: "ann" });
    await app.until(({ type }) => type === "welcome");
    using plain = new LinesApp(await Deno.connect({ hostname, port }));
    await plain.send({ type: "join", token: app.token, received: app.received });
    const { token } = await plain.until(({ type }) => type === "welcome");
    assert(token !== app.token);
    assertEquals(app.frames.filter(({ type }) => type === "closed"), []);
  },
);

Deno.test(
  "what a server said before it was killed is not said again, though its app was not told so",
  needsNetwork,
  () =>
    inFolder(async (folder) => {
      const args = ["--history", `${folder}/h.db`];
      const first = await Bobchat.start(args);
      using bob = await Client.join(first.port, "bob");
      using ann = await LinesApp.join(first.port, { name: "ann" });
      const frames = ["one", "/me waves", "two"].map((text, i) => ({
        ...text.startsWith("/me ")
          ? { type: "command", name: "me", text: text.slice(4), room: "lobby" }
          : { type: "say", text, room: "lobby" },
        nonce: `${i}`.repeat(32),
        id: i + 1,
      }));
      for (const frame of frames) await ann.send(frame);
      await bob.until(": two\r\n");
      assert(!/nonce/.test(JSON.stringify(ann.frames)), "nobody is told it");
      await first.stop("SIGKILL");
      await using second = await Bobchat.start([...args, "--port", String(first.port)]);
      using again = await LinesApp.join(second.port, { name: "ann" });
      for (const frame of frames) await again.send({ ...frame, again: true });
      await again.send({ type: "say", text: "three", nonce: "3".repeat(32), again: true, id: 4 });
      await again.until(({ type, id }) => type === "ack" && id === 4);
      assertEquals(again.frames.filter(({ type }) => type === "ack").map(({ id }) => id), [
        1,
        2,
        3,
        4,
      ]);
      await again.send({ type: "history", room: "lobby", id: 5 });
      const { messages } = await again.until(({ type, messages }) =>
        type === "history" && (messages as unknown[]).length === 4
      ) as unknown as { messages: { text: string }[] };
      assertEquals(messages.map(({ text }) => text), ["one", "waves", "two", "three"]);
    }),
);
