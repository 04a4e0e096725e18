// The web carrier: what it serves, whom it lets in, and apps that come back.

import {
  assert,
  assertEquals,
  assertMatch,
  assertRejects,
  assertStringIncludes,
} from "../assert.ts";
import { App, type Frame } from "./app.ts";
import { Bobchat, Client, needsNetwork, Program, testWith } from "./bobchat.ts";
import { makePair } from "./listeners.ts";

const DRIVER = new URL("sockets.py", import.meta.url).pathname;

Deno.test(
  "the page and its parts are served with headers that let nothing else in",
  needsNetwork,
  async () => {
    await using bobchat = await Bobchat.start();
    const at = `http://127.0.0.1:${bobchat.port}`;
    const page = await fetch(`${at}/`);
    const html = await page.text();
    assertEquals([page.status, page.headers.get("content-type")], [
      200,
      "text/html; charset=utf-8",
    ]);
    assertMatch(html, /^<!doctype html>/i);
    const parts = [...html.matchAll(/(?:src|href)="([^"#][^"]*)"/g)].map(([, path]) => path!);
    assertEquals(parts.length, 7);
    for (const path of parts) {
      const part = await fetch(`${at}/${path}`);
      await part.text();
      assertEquals(part.status, 200, path);
      assertMatch(part.headers.get("content-type")!, /^(text\/(css|javascript)|image\/svg\+xml)/);
    }
    const missing = await fetch(`${at}/none`);
    const posted = await fetch(`${at}/`, { method: "POST", body: "x" });
    const head = await fetch(`${at}/`, { method: "HEAD" });
    assertEquals([missing.status, posted.status, head.status], [404, 405, 200]);
    assertEquals([await missing.text(), await head.text()], ["404: see /\n", ""]);
    await posted.text();
    for (const { headers } of [page, missing, posted]) {
      const policy = headers.get("content-security-policy")!;
      for (
        const rule of [
          ...["default-src 'none'", "script-src 'self'", "frame-ancestors 'none'"],
          ...["require-trusted-types-for 'script'", "trusted-types 'none'"],
        ]
      ) {
        assertStringIncludes(policy, rule);
      }
      assert(!policy.includes("unsafe"), policy);
      assertEquals(headers.get("x-content-type-options"), "nosniff");
      assertEquals(headers.get("referrer-policy"), "no-referrer");
    }
  },
);

Deno.test(
  "a page from elsewhere may not talk to it, unless it is named",
  needsNetwork,
  async () => {
    await using bobchat = await Bobchat.start(["--web-origin", "https://chat.example"]);
    const open = (origin: string) => App.open(bobchat.port, { headers: { Origin: origin } });
    await assertRejects(() => open("https://evil.example"), Error, "403");
    await assertRejects(() => open("null"), Error, "403");
    await bobchat.stderr.until(/ info refuse 127\.0\.0\.1:\d+: "a page from null is not allowed/);
    for (const origin of ["https://chat.example", `http://127.0.0.1:${bobchat.port}`]) {
      using app = await open(origin);
      await app.send({ type: "join" });
      await app.until(({ type }) => type === "welcome");
    }
    await assertRejects(() => App.open(bobchat.port, { path: "/other" }), Error, "404");
  },
);

testWith(["python3"], "a message over 4 KiB is refused with 1009, also in fragments", async () => {
  await using bobchat = await Bobchat.start();
  using app = await App.join(bobchat.port);
  await app.send({ type: "say", text: "x".repeat(4096) });
  await app.end();
  assertEquals(app.closedWith, 1009);
  const scenario = [DRIVER, "fragments", `${bobchat.port}`, "web"];
  await using driver = new Program(["python3", scenario]);
  assertEquals([await driver.end(), driver.stdout.text], [0, "1009\n"], driver.stderr.text);
});

Deno.test(
  "a text of --max-line fits in a message, however JSON escapes it",
  needsNetwork,
  async () => {
    await using bobchat = await Bobchat.start(["--max-line", "64KiB"]);
    using app = await App.join(bobchat.port);
    for (const text of ['"'.repeat(65536), "é".repeat(32768)]) {
      // As other languages' libraries write it.
      await app.send(JSON.stringify({ type: "say", text }).replaceAll("é", "\\u00e9"));
      await app.until((frame) => frame.type === "message" && frame.text === text);
    }
    await app.send({ type: "say", text: "x".repeat(65537) });
    await app.until(({ text }) => /^That line was longer than 65536 bytes/.test(String(text)));
  },
);

Deno.test("an app that breaks a rule is told which", needsNetwork, async () => {
  await using bobchat = await Bobchat.start();
  using early = await App.open(bobchat.port);
  await early.send({ type: "say", text: "hello" });
  await early.end();
  assertEquals(
    [early.frames, early.closedWith],
    [[{ type: "error", text: 'The first object is {"type":"join"}.', code: "malformed" }], 1008],
  );
  using binary = await App.join(bobchat.port);
  await binary.sendFrame(Uint8Array.of(1, 2), { opcode: 2 });
  await binary.end();
  assertEquals(binary.closedWith, 1003);
  using wrong = await App.join(bobchat.port);
  await wrong.send("{");
  await wrong.until(({ type, text }) => type === "error" && text === "That is no JSON.");
});

const connect = (port: number) => Deno.connect({ hostname: "127.0.0.1", port });
/** How an app may be linked, and how many lines it may miss: over JSON lines no ping tells what has arrived. */
const LINKS: [string, (port: number) => Promise<App>, number][] = [
  ["a WebSocket", (port) => App.open(port), 2000],
  ["JSON lines", async (port) => App.overLines(await connect(port)), 200],
];

for (const [link, open, missed] of LINKS) {
  Deno.test(
    `an app whose link is cut comes back with its name, and has missed and doubled nothing, by ${link}`,
    needsNetwork,
    async () => {
      await using bobchat = await Bobchat.start(["--rate", "0"]);
      using bob = await Client.join(bobchat.port, "bob");
      using first = await open(bobchat.port);
      await first.send({ type: "join", name: "ann", room: "tea" });
      await first.until(({ type }) => type === "welcome");
      await first.send({ type: "say", room: "lobby", text: "one", id: 1 });
      await first.until(({ type }) => type === "ack");
      // The second is sent and the link is cut before its receipt; then much is said.
      await first.send({ type: "say", room: "lobby", text: "two", id: 2 });
      await bob.until(/^ann\(.*\): two\r$/m);
      const { token, received, texts } = first;
      first[Symbol.dispose]();
      const lines = Array.from({ length: missed }, (_, i) => `line ${i}`);
      await bob.send(lines.map((line) => `${line}\n`).join(""));
      await bob.until(`: line ${missed - 1}\r\n`);
      await bob.send("/msg ann psst\n/who\n");
      await bob.until("*** Here (2): bob, ann\r\n");

      using second = await open(bobchat.port);
      await second.send({ type: "join", token, received });
      await second.until(({ type }) => type === "resumed");
      second.received += received;
      // It has no receipt of the second, so it says it again, and then what was typed meanwhile.
      await second.send({ type: "say", room: "lobby", text: "two", id: 2 });
      await second.send({ type: "say", room: "lobby", text: "three", id: 3 });
      await second.until(({ type, id }) => type === "ack" && id === 3);
      assertEquals([...texts, ...second.texts], ["one", "two", ...lines, "psst", "three"]);
      const heard = await bob.until(/^ann\(.*\): three\r$/m);
      assertEquals([...heard.matchAll(/^ann\(.*?\): (\w+)\r$/gm)].map(([, text]) => text), [
        "one",
        "two",
        "three",
      ]);
      assert(!/ann left|ann joined/.test(heard.replace("ann joined", "")), "nobody noticed");
    },
  );
}

Deno.test("JSON lines may begin with /json, and end with a reason", needsNetwork, async () => {
  await using bobchat = await Bobchat.start();
  using app = App.overLines(await connect(bobchat.port));
  await app.send('/json {"type":"join","name":"ann"}');
  await app.until(({ type }) => type === "welcome");
  await app.send("no object");
  await app.until(({ type, text }) => type === "error" && text === "That is no JSON.");
  await app.send({ type: "command", name: "quit", text: "" });
  await app.end();
  assertEquals(app.frames.at(-1), { type: "closed", code: 1000 });
});

Deno.test(
  "an app that was started anew is told everything anew, and keeps its name",
  needsNetwork,
  async () => {
    await using bobchat = await Bobchat.start();
    using first = await App.join(bobchat.port, { name: "ann", room: "tea" });
    await first.send({ type: "say", room: "tea", text: "one" });
    await first.untilSaid("one");
    using second = await App.open(bobchat.port);
    await second.send({ type: "join", token: first.token });
    const { name } = await second.until(({ type }) => type === "welcome");
    assertEquals([name, second.token], ["ann", first.token]);
    await second.until(({ type, room }) => type === "members" && room === "tea");
    assertEquals(second.texts, ["one"]);
    await first.end();
    // A token that nobody has, or not any more, is that of a newcomer.
    using third = await App.join(bobchat.port, { token: "none", received: 5 });
    assert(third.token !== first.token);
  },
);

Deno.test(
  "one whose link is lost is away for a while; /quit leaves at once",
  needsNetwork,
  async () => {
    await using bobchat = await Bobchat.start();
    using bob = await Client.join(bobchat.port, "bob");
    using app = await App.join(bobchat.port, { name: "ann" });
    await app.send({ type: "command", name: "quit", text: "tea time" });
    await bob.until("*** ann left: tea time (1 here)\r\n");
    await app.end();
    assertEquals(app.closedWith, 1000);
    using late = await App.join(bobchat.port, { token: app.token, received: app.received });
    assert(late.token !== app.token);
  },
);

Deno.test(
  "a server that stops closes with 1001, so that apps try again later",
  needsNetwork,
  async () => {
    await using bobchat = await Bobchat.start();
    using app = await App.join(bobchat.port);
    assertEquals(await bobchat.stop(), 0);
    await app.end();
    assertEquals(app.closedWith, 1001);
    assertEquals(app.frames.at(-1)?.text, "The room is closing: goodbye");
  },
);

Deno.test("X-Forwarded-For counts where a trusted proxy says so", needsNetwork, async () => {
  const headers = { "X-Forwarded-For": "203.0.113.9, 198.51.100.7" };
  {
    await using bobchat = await Bobchat.start();
    using app = await App.open(bobchat.port, { headers });
    await app.send({ type: "join" });
    await bobchat.stderr.until(/ connect guest1 from 127\.0\.0\.1:\d+\n/);
  }
  await using bobchat = await Bobchat.start(["--trusted-proxy", "127.0.0.0/8"]);
  using app = await App.open(bobchat.port, { headers });
  await app.send({ type: "join" });
  await bobchat.stderr.until(/ connect guest1 from "198\.51\.100\.7 by 127\.0\.0\.1:\d+"\n/);
});

Deno.test(
  "an app is asked for the server password, and may bring it along",
  needsNetwork,
  async () => {
    const path = await Deno.makeTempFile();
    try {
      await Deno.writeTextFile(path, "open sesame\n");
      await using bobchat = await Bobchat.start(["--password-file", path]);
      using app = await App.open(bobchat.port);
      await app.send({ type: "join" });
      await app.until(({ type }) => type === "password");
      await app.send({ type: "password", password: "open sesame" });
      await app.until(({ type }) => type === "welcome");
      using bot = await App.join(bobchat.port, { key: "open sesame", name: "bot" });
      await bot.until(({ type, to }) => type === "renamed" && to === "bot");
    } finally {
      await Deno.remove(path);
    }
  },
);

Deno.test(
  "earlier messages are read a part at a time, from the file too",
  needsNetwork,
  async () => {
    const folder = await Deno.makeTempDir();
    try {
      const flags = ["--history", `${folder}/chat.db`, "--rate", "0"];
      await using bobchat = await Bobchat.start(flags);
      using bob = await Client.join(bobchat.port);
      const lines = Array.from({ length: 1500 }, (_, i) => `line ${i}`);
      await bob.send(lines.map((line) => `${line}\n`).join(""));
      await bob.until(": line 1499\r\n");
      using app = await App.join(bobchat.port);
      const histories = () => app.frames.filter(({ type }) => type === "history");
      let { messages, next } = await app.until(({ type }) => type === "history");
      const read = [...messages as Frame[]];
      while (next !== undefined) {
        const count = histories().length;
        await app.send({ type: "history", room: "lobby", before: next, count: 200 });
        await app.until(() => histories().length > count);
        ({ messages, next } = histories().at(-1)!);
        read.unshift(...messages as Frame[]);
      }
      assertEquals(read.map(({ text }) => text), lines);
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  },
);

testWith(
  ["openssl"],
  "with a certificate the page and its WebSocket are secure as well",
  async () => {
    using pair = makePair();
    await using bobchat = await Bobchat.start([...pair.flags]);
    const caCerts = [await Deno.readTextFile(pair.cert)];
    using client = Deno.createHttpClient({ caCerts });
    const page = await fetch(`https://127.0.0.1:${bobchat.port}/`, { client });
    assertEquals([page.status, (await page.text()).slice(0, 9).toLowerCase()], [200, "<!doctype"]);
    const port = bobchat.port;
    const conn = await Deno.connectTls({ hostname: "127.0.0.1", port, caCerts });
    using app = await App.open(port, { conn });
    await app.send({ type: "join" });
    await app.until(({ type }) => type === "welcome");
    const plain = await fetch(`http://127.0.0.1:${port}/`);
    assertEquals([plain.status, (await plain.text()).slice(0, 9).toLowerCase()], [
      200,
      "<!doctype",
    ]);
  },
);

Deno.test(
  "a link that says nothing is closed, and costs nobody anything",
  needsNetwork,
  async () => {
    await using bobchat = await Bobchat.start();
    // Those that send half a request, and one that sends no first message.
    using half = await Client.connect(bobchat.port);
    await half.send("GET / HT");
    using headless = await Client.connect(bobchat.port);
    await headless.send("GET / HTTP/1.1\r\nHost: x\r\n");
    using app = await App.open(bobchat.port);
    using bob = await App.join(bobchat.port);
    await bob.send({ type: "say", text: "nobody minds" });
    await bob.untilSaid("nobody minds");
    assertEquals(await half.end(), "");
    assertMatch(await headless.end(), /^HTTP\/1\.1 408 /);
    await app.end();
    assertEquals(app.closedWith, 1008);
  },
);

Deno.test("a link that sends pongs, and does not join, is told to", needsNetwork, async () => {
  await using bobchat = await Bobchat.start();
  using app = await App.open(bobchat.port);
  for (let i = 0; i < 11; i++) await app.sendFrame(new Uint8Array(0), { opcode: 10 });
  await app.end();
  assertEquals(app.closedWith, 1008);
});

Deno.test("no token is ever in the log", needsNetwork, async () => {
  await using bobchat = await Bobchat.start(["--log-level", "debug"]);
  using app = await App.join(bobchat.port);
  await bobchat.stderr.until('"token\\":\\"…\\"');
  assertEquals(await bobchat.stop(), 0);
  assert(!bobchat.stderr.text.includes(String(app.token)), bobchat.stderr.text);
});
