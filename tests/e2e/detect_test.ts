// One port, whoever comes: each program is served by what its first bytes are, and late comers are not heard.

import { assert, assertEquals, assertMatch, assertRejects } from "../assert.ts";
import { App } from "./app.ts";
import { Bobchat, Client, command, needsNetwork, Program, testWith } from "./bobchat.ts";
import { TestServer } from "./listeners.ts";

const GREETED = "/help lists what else there is.";
const DRIVER = new URL("sockets.py", import.meta.url).pathname;
/** Milliseconds that a silent connection has before it is greeted; and where a browser was lately. */
const SILENCE = 500, SPARE = 3000;

/** Somebody comes from another address and says nothing, until they are greeted. */
async function greetedElsewhere(port: number): Promise<void> {
  await using silent = new Program(["python3", [DRIVER, "stays_elsewhere", `${port}`]]);
  await silent.stdout.until("greeted\n");
}

/** A page is asked for from this machine. */
async function visit(port: number): Promise<void> {
  const page = await fetch(`http://127.0.0.1:${port}/`, { headers: { connection: "close" } });
  assertEquals(page.status, 200);
  await page.body?.cancel();
}

testWith(
  ["nc", "telnet", "script", "ncat", "openssl", "curl"],
  "nc, telnet, TLS, HTTP and an app come in at one port",
  async () => {
    await using server = await TestServer.open();
    const { bobchat, port } = server;
    await using all = new AsyncDisposableStack();
    const start = async (program: string, args: string[], env: Record<string, string> = {}) => {
      const started = all.use(new Program([program, args], { env }));
      await started.stdout.until(GREETED);
      return started;
    };
    const nc = await start("nc", ["127.0.0.1", `${port}`]);
    const terminal = { TERM: "dumb", HOME: "/nonexistent" };
    const programs = [
      await start("script", ["-qfc", `telnet 127.0.0.1 ${port}`, "/dev/null"], terminal),
      await start("ncat", ["--ssl", "127.0.0.1", `${port}`]),
      await start("openssl", ["s_client", "-quiet", "-connect", `127.0.0.1:${port}`]),
    ];
    using app = await App.join(port);
    for (const address of [`http://127.0.0.1:${port}/`, `https://127.0.0.1:${port}/`]) {
      await using curl = new Program(["curl", ["-sS", "--insecure", address]]);
      assertEquals(await curl.end(), 0, curl.stderr.text);
      assertMatch(curl.stdout.text, /^<!doctype html>/i);
    }
    await nc.type("one port\n");
    for (const { stdout } of programs) await stdout.until(": one port\r\n");
    await app.untilSaid("one port");
    assertEquals(await bobchat.stop(), 0);
  },
);

Deno.test(
  "who says nothing is greeted after a moment; who speaks, at once",
  needsNetwork,
  async () => {
    await using bobchat = await Bobchat.start();
    using silent = await Client.connect(bobchat.port);
    const since = performance.now();
    using alice = await Client.join(bobchat.port, "alice");
    assert(performance.now() - since < 450, "she waited for her greeting");
    await silent.until(GREETED);
    assert(performance.now() - since > 450, "it was not given the time to speak");
    await silent.send("hello\n");
    await alice.until(": hello\r\n");
  },
);

testWith(
  ["openssl", "python3"],
  "a browser's spare connection may ask after a second; a person types, or waits for a moment",
  async () => {
    await using server = await TestServer.open();
    const { port } = server;
    await visit(port);
    const where = { hostname: "127.0.0.1", port };
    const secure = await Deno.connectTls({
      ...where,
      caCerts: [await Deno.readTextFile(server.cert)],
    });
    await secure.handshake();
    const since = performance.now();
    using overTls = new Client(secure), plain = await Client.connect(port);
    using silent = await Client.connect(port);
    using alice = await Client.join(port, "alice");
    for (let i = 0; i < 2; i++) await greetedElsewhere(port);
    assert(performance.now() - since > 2 * SILENCE, "the others were greeted too early");
    for (const client of [plain, overTls]) {
      await client.send("GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
      assertMatch(await client.end(), /^HTTP\/1\.1 200 OK\r\n/);
    }
    await silent.until(GREETED);
    assert(performance.now() - since > SPARE - 50, "it had no time to ask");
    await silent.send("hello\n");
    await alice.until(": hello\r\n");
  },
);

Deno.test(
  "what a proxy passes on does not delay who comes from its address",
  needsNetwork,
  async () => {
    await using bobchat = await Bobchat.start(["--trusted-proxy", "127.0.0.1"]);
    await visit(bobchat.port);
    const since = performance.now();
    using silent = await Client.connect(bobchat.port);
    await silent.until(GREETED);
    assert(performance.now() - since < SPARE - 50, "it was taken for a browser");
  },
);

testWith(
  ["openssl", "sh"],
  "who speaks while the server stands still is served, and not greeted",
  async () => {
    await using server = await TestServer.open();
    const { bobchat: { process: { pid } }, port, cert } = server;
    const where = { hostname: "127.0.0.1", port };
    const secure = await Deno.connectTls({ ...where, caCerts: [await Deno.readTextFile(cert)] });
    await secure.handshake();
    using overTls = new Client(secure), plain = await Client.connect(port);
    // Longer than whoever says nothing is awaited.
    const script = `kill -STOP ${pid}; echo stopped; read line; sleep 0.8; kill -CONT ${pid}`;
    await using standstill = new Program(["sh", ["-c", script]]);
    await standstill.stdout.until("stopped");
    for (const client of [plain, overTls]) {
      await client.send("GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    }
    await standstill.type("\n");
    for (const client of [plain, overTls]) {
      assertMatch(await client.end(), /^HTTP\/1\.1 200 OK\r\n/);
    }
  },
);

testWith(["ssh"], "an SSH client is told that this is no SSH, and nobody hears of it", async () => {
  await using bobchat = await Bobchat.start();
  using alice = await Client.join(bobchat.port);
  const to = ["-v", "-p", String(bobchat.port), "-o", "BatchMode=yes", "-F", "none", "127.0.0.1"];
  const ssh = new Program(["ssh", to], { input: false });
  assert(await ssh.end() !== 0);
  assertMatch(ssh.stderr.text, /This is a chat room, and not SSH: join with nc, /);
  await alice.send("still here\n");
  await alice.until(": still here\r\n");
  assertEquals(/SSH|guest2/.exec(alice.incoming.text), null);
});

Deno.test("a request may come a byte at a time", needsNetwork, async () => {
  await using bobchat = await Bobchat.start();
  using alice = await Client.join(bobchat.port, "alice");
  using slow = await Client.connect(bobchat.port);
  for (const byte of "GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n") {
    await slow.send(byte);
    // Another connection's answer: so the server has read the byte, most likely.
    await alice.send("/who\n");
  }
  assertMatch(await slow.end(), /^HTTP\/1\.1 200 OK\r\n/);
  assert(!alice.incoming.text.includes("joined"), alice.incoming.text);
});

Deno.test(
  "who comes and goes without a word is noticed by nobody, ten thousand times",
  needsNetwork,
  async () => {
    await using bobchat = await Bobchat.start();
    using alice = await Client.join(bobchat.port, "alice");
    const knock = async () => {
      (await Deno.connect({ hostname: "127.0.0.1", port: bobchat.port })).close();
    };
    for (let i = 0; i < 100; i++) await Promise.all(Array.from({ length: 100 }, knock));
    await alice.send("all well?\n");
    const heard = await alice.until(": all well?\r\n");
    assert(!/joined|left/.test(heard), heard);
    using bob = await Client.join(bobchat.port, "bob");
    await bob.send("yes\n");
    await alice.until(/^bob\(.*\): yes\r$/m);
    assertEquals(await bobchat.stop(), 0);
    assert(!/ (warning|error|fatal) /.test(bobchat.stderr.text), bobchat.stderr.text.slice(-1000));
    assert(!bobchat.stderr.text.includes(" connection 3 "), "somebody else was let in");
  },
);

/** What curl is answered: the head and the body. */
async function curl(...args: string[]): Promise<string> {
  await using program = new Program(["curl", ["-sSi", "--insecure", ...args]], { input: false });
  assertEquals(await program.end(), 0, program.stderr.text);
  return program.stdout.text;
}

/** What JSON lines are answered; only their end tells that this is all. */
async function answerToLines(port: number, ...lines: object[]): Promise<string> {
  using client = await Client.connect(port);
  await client.send(lines.map((line) => `${JSON.stringify(line)}\n`).join(""));
  return await client.end();
}

testWith(
  ["openssl", "curl"],
  "with --no-web there is no page and no WebSocket, and all else is as ever",
  async () => {
    await using server = await TestServer.open(["--no-web"]);
    const { bobchat, port } = server;
    assert(!bobchat.stdout.text.includes("browser"), bobchat.stdout.text);
    for (const scheme of ["http", "https"]) {
      const answer = await curl(`${scheme}://127.0.0.1:${port}/`);
      assertMatch(answer, /^HTTP\/1\.1 404 [^]*: join with nc, telnet or bobchat connect\.\n$/);
    }
    await assertRejects(() => App.open(port), Error, "HTTP/1.1 404 ");
    using alice = await server.join("tcp", "alice");
    for (const protocol of ["tls", "json"] as const) {
      using client = await server.join(protocol, protocol);
      await client.send("still open\n");
      await alice.until(new RegExp(`^${protocol}\\(.*\\): still open\r$`, "m"));
    }
  },
);

testWith(
  ["openssl", "curl"],
  "with --tls-only browsers are sent to https for good, and apps that do not encrypt are told why",
  async () => {
    await using server = await TestServer.open(["--tls-only"]);
    const { port } = server;
    const plain = await curl(`http://127.0.0.1:${port}/main.ts?x`);
    assertMatch(plain, /^HTTP\/1\.1 308 /);
    assertMatch(
      plain,
      new RegExp(`^location: https://127\\.0\\.0\\.1:${port}/main\\.ts\\?x\r$`, "m"),
    );
    const followed = await curl("-L", `http://127.0.0.1:${port}/`);
    assertMatch(
      followed,
      /HTTP\/1\.1 200 OK\r\n[^]*^strict-transport-security: .*\r\n[^]*<!doctype/m,
    );
    await assertRejects(() => App.open(port), Error, "HTTP/1.1 308 ");
    assertEquals(
      await answerToLines(port, { type: "join", name: "secret" }),
      '{"type":"closed","code":1008,"text":"This server speaks TLS only."}\n',
    );
    using alice = await server.join("tls", "alice");
    using app = await server.join("wss", "app");
    await app.send("encrypted\n");
    const heard = await alice.until(": encrypted\r\n");
    assert(!heard.includes("secret"), heard);
  },
);

testWith(
  ["openssl", "curl"],
  "without --tls-only no browser is told to keep to https, for all ports of that name",
  async () => {
    await using server = await TestServer.open();
    for (const scheme of ["http", "https"]) {
      const answer = await curl(`${scheme}://127.0.0.1:${server.port}/`);
      assertMatch(answer, /^HTTP\/1\.1 200 OK\r\n/);
      assert(!/strict-transport-security/i.test(answer), answer);
    }
  },
);

Deno.test("a port of --classic takes every first line for a message", needsNetwork, async () => {
  await using bobchat = await Bobchat.start(["--classic"]);
  const firsts = ["GET / HTTP/1.1\r\n\r\n", '{"type":"join"}\n', "PROXY UNKNOWN\r\n"];
  for (const [i, first] of firsts.entries()) {
    {
      using client = await Client.connect(bobchat.port);
      await client.send(first);
      await client.until(`M): ${first}`);
    }
    // Who says the first thing is sent it only where nobody else is.
    await bobchat.stderr.until(` disconnect guest${i + 1} `);
  }
});

Deno.test("--quiet prints where it listens, and nothing else", needsNetwork, async () => {
  const args = ["--quiet", "-p", "0,0", "-H", "127.0.0.1"];
  await using bobchat = new Program(command(args), { input: false });
  await bobchat.stdout.until(/(listening on 127\.0\.0\.1:\d+\n.*){2}/);
  bobchat.process.kill("SIGTERM");
  assertEquals(await bobchat.end(), 0);
  assertMatch(bobchat.stdout.text, /^(bobchat [\d.]+ listening on 127\.0\.0\.1:\d+\n){2}$/);
});

/** A PROXY header of version 2 for a client over IPv6 that used TLS. */
const BINARY = Uint8Array.of(
  ...[13, 10, 13, 10, 0, 13, 10, 0x51, 0x55, 0x49, 0x54, 10, 0x21, 0x21, 0, 44],
  ...[0x20, 0x01, 0x0d, 0xb8, ...Array(11).fill(0), 1, ...Array(15).fill(0), 2, 0, 5, 0, 6],
  ...[0x20, 0, 5, 1, 0, 0, 0, 0],
);
const LINE = "PROXY TCP4 198.51.100.7 192.0.2.2 5 6\r\n";

testWith(["openssl"], "a trusted proxy says where lines, apps and TLS come from", async () => {
  const flags = ["--proxy-protocol", "--trusted-proxy", "127.0.0.1"];
  await using server = await TestServer.open(flags);
  const { bobchat, port } = server;
  using lines = await Client.connect(port);
  await lines.send(LINE + "/nick ann\n");
  await lines.until("You are ann.");
  await bobchat.stderr.until(/ connection 1 from "198\.51\.100\.7:5 by 127\.0\.0\.1:\d+"\n/);
  // A byte at a time, and silent after it.
  using silent = await Client.connect(port);
  for (const byte of BINARY) await silent.send(Uint8Array.of(byte));
  await silent.until(GREETED);
  await bobchat.stderr.until(/ connection 2 from "\[2001:db8::1\]:5 by 127\.0\.0\.1:\d+"\n/);
  const conn = await Deno.connect({ hostname: "127.0.0.1", port });
  await conn.write(new TextEncoder().encode(LINE));
  using app = await App.open(port, { conn });
  await app.send({ type: "join" });
  await bobchat.stderr.until(/ connection 3 from "?198\.51\.100\.7\b/);
  // A health check of the proxy's own.
  using check = await Client.connect(port);
  await check.send("PROXY UNKNOWN\r\n");
  await check.endWrites();
  assertEquals(await check.end(), "");
  // Without a header, with a second one, with half of one, and with garbage.
  for (const wrong of ["hello\n", LINE + LINE, "PROXY TCP4 1", "PROXY TCP4 garbage\r\nhello\n"]) {
    using client = await Client.connect(port);
    await client.send(wrong);
    await client.endWrites();
    assertEquals(await client.end(), "", wrong);
  }
  assert(!/hello|garbage|PROXY/.test(lines.incoming.text), lines.incoming.text);
  assertEquals(await bobchat.stop(), 0);
});

testWith(
  ["openssl"],
  "with --tls-only a trusted proxy may say that it took TLS from somebody",
  async () => {
    const flags = ["--tls-only", "--proxy-protocol", "--trusted-proxy", "127.0.0.1"];
    await using server = await TestServer.open(flags);
    const { port } = server;
    using secure = await Client.connect(port);
    await secure.send(BINARY);
    await secure.send("/nick ann\n");
    await secure.until("You are ann.");
    using bot = await Client.connect(port);
    await bot.send(BINARY);
    await bot.send('{"type":"join"}\n');
    await bot.until('"type":"welcome"');
    for (const text of ["hello\n", '{"type":"join"}\n']) {
      using plain = await Client.connect(port);
      await plain.send(LINE + text);
      await plain.until("This server speaks TLS only");
    }
  },
);

Deno.test("who is no trusted proxy may not send a PROXY header", needsNetwork, async () => {
  const proxies = [
    [],
    // It is trusted with `X-Forwarded-For` alone.
    ["--trusted-proxy", "127.0.0.1"],
    ["--proxy-protocol", "--trusted-proxy", "192.0.2.9"],
  ];
  for (const flags of proxies) {
    await using bobchat = await Bobchat.start(flags);
    using alice = await Client.join(bobchat.port, "alice");
    for (const header of [LINE, BINARY]) {
      using client = await Client.connect(bobchat.port);
      await client.send(header);
      await client.send("hello\n");
      assertEquals(await client.end(), "");
    }
    await alice.send("all well?\n");
    const heard = await alice.until(": all well?\r\n");
    assert(!/hello|PROXY|joined/.test(heard), heard);
  }
});
