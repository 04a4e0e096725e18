// The HTTP server: what it answers, in which order, and how long it keeps a connection.

import fc from "fast-check";
import { Networks } from "../../../../lib/chat/address.ts";
import { assert, assertEquals, assertMatch } from "../../../assert.ts";
import { settle } from "../fake_connection.ts";
import { type Answered, ASSETS, type Browser, TestSite } from "./browser.ts";

const get = (target: string, fields = "") => `GET ${target} HTTP/1.1\r\nHost: x\r\n${fields}\r\n`;
const textOf = ({ body }: Answered) => new TextDecoder().decode(body);
const PAGE = ASSETS.get("/")!.body, SCRIPT = ASSETS.get("/main.ts")!.body;
const SOCKET =
  "Upgrade: websocket\r\nConnection: keep-alive, Upgrade\r\nSec-WebSocket-Version: 13\r\n" +
  "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n";

/** Asks for one thing on a connection of its own. */
async function ask(text: string, site = new TestSite()): Promise<Answered> {
  const browser = site.connect();
  browser.feed(text);
  const [answer] = await browser.answers(1, [text.split(" ")[0]!]);
  browser.close();
  return answer!;
}

async function unzip(body: Uint8Array): Promise<string> {
  const stream = new Blob([body.slice()]).stream().pipeThrough(new DecompressionStream("gzip"));
  return await new Response(stream).text();
}

Deno.test("a connection is kept: each request is answered on it, until it asks to end", async () => {
  const browser = new TestSite().connect();
  for (let count = 1; count <= 50; count++) {
    browser.feed(get(count % 2 === 0 ? "/" : "/main.ts"));
    const answers = await browser.answers(count);
    assertEquals(textOf(answers.at(-1)!), count % 2 === 0 ? PAGE : SCRIPT);
    assertEquals(answers.at(-1)!.headers.has("connection"), false);
  }
  browser.feed(get("/", "Connection: Keep-Alive, Close\r\n"));
  const last = (await browser.answers(51)).at(-1)!;
  assertEquals(last.headers.get("connection"), "close");
  assert(browser.writesEnded && !browser.isClosed);
  browser.feed(null);
  await browser.served;
  assert(browser.isClosed);
});

Deno.test("a connection ends after a thousand requests", async () => {
  // A trusted proxy's, which is not slowed down.
  const browser = new TestSite({ proxies: new Networks(["10.0.0.1"]) }).connect("10.0.0.1");
  browser.feed(get("/none").repeat(1001));
  await browser.until(() => browser.writesEnded);
  const answers = await browser.answers(1000);
  assertEquals(answers.length, 1000);
  assertEquals(answers.map(({ headers }) => headers.has("connection")).indexOf(true), 999);
});

Deno.test("what comes in one piece is answered in order, and so is what comes byte by byte", async () => {
  const paths = ["/", "/main.ts", "/none", "/ws", "/main.ts?x", "/"];
  const expected = [PAGE, SCRIPT, "404: see /\n", /^426: only WebSockets/, SCRIPT, PAGE];
  await fc.assert(
    fc.asyncProperty(fc.array(fc.integer({ min: 1, max: 300 })), async (sizes) => {
      const browser = new TestSite().connect();
      const all = new TextEncoder().encode(`\r\n${paths.map((path) => get(path)).join("\r\n")}`);
      let at = 0;
      for (const size of sizes) browser.feed(all.slice(at, at += size));
      browser.feed(all.slice(at), null);
      await browser.served;
      const answers = await browser.answers(paths.length);
      assertEquals(answers.length, paths.length);
      answers.forEach((answer, i) =>
        typeof expected[i] === "string"
          ? assertEquals(textOf(answer), expected[i])
          : assertMatch(textOf(answer), expected[i]!)
      );
    }),
    { numRuns: 30 },
  );
});

Deno.test("nothing is read, and nothing more is made, while an answer waits for its peer", async () => {
  const browser = new TestSite().connect();
  browser.takesNothing = true;
  browser.feed(get("/main.ts").repeat(20));
  await browser.until(() => browser.writes.length > 0);
  const { reads } = browser;
  browser.feed(get("/main.ts").repeat(10_000));
  for (let turn = 0; turn < 20; turn++) await settle();
  assertEquals([browser.writes.length, browser.reads], [1, reads]);
  await browser.take(10);
  await browser.take(1000);
  assertEquals([browser.writes.length, browser.reads], [1, reads]);
  await browser.take();
  const [first] = await browser.answers(1);
  assertEquals(textOf(first!), SCRIPT);
  browser.close();
  await browser.served;
});

Deno.test("whoever asks much waits, and others do not", async () => {
  const site = new TestSite();
  const greedy = site.connect("192.0.2.1");
  greedy.feed(get("/none").repeat(500));
  await greedy.answers(100);
  const polite = site.connect("192.0.2.2");
  polite.feed(get("/none"));
  await polite.answers(1);
  assert((await greedy.answers(0)).length < 110);
  greedy.close();
  polite.close();
  site.server.close();
  await greedy.served;
});

Deno.test("whoever asks for much waits sooner", async () => {
  // Each counts as five requests.
  const body = "x".repeat(16_384);
  const site = new TestSite({ assets: new Map([["/", { type: "text/plain", body }]]) });
  const greedy = site.connect();
  greedy.feed(get("/").repeat(90));
  await greedy.answers(10);
  for (let before = -1; before < greedy.taken.length;) {
    before = greedy.taken.length;
    for (let turn = 0; turn < 20; turn++) await settle();
  }
  assert((await greedy.answers(1)).length <= 21);
  greedy.close();
  site.server.close();
  await greedy.served;
});

Deno.test("a body is sent as gzip to whoever takes that, with a length and an ETag of its own", async () => {
  const plain = await ask(get("/main.ts"));
  assertEquals([plain.status, textOf(plain), plain.headers.get("vary")], [
    ...[200, SCRIPT, "accept-encoding"],
  ]);
  assertEquals(Number(plain.headers.get("content-length")), plain.body.length);
  for (const accepted of ["gzip", "br, GZIP;q=0.5", "*", "deflate , gzip ; q=1"]) {
    const zipped = await ask(get("/main.ts", `Accept-Encoding: ${accepted}\r\n`));
    assertEquals(zipped.headers.get("content-encoding"), "gzip", accepted);
    assertEquals(await unzip(zipped.body), SCRIPT);
    assert(zipped.headers.get("etag") !== plain.headers.get("etag"));
    assert(zipped.body.length < plain.body.length / 5);
  }
  for (
    const accepted of ["", "br", "gzip;q=0", "gzip; q=0.000, *", "*;q=0", "x-gzip", "identity"]
  ) {
    const answer = await ask(get("/main.ts", `Accept-Encoding: ${accepted}\r\n`));
    assertEquals(answer.headers.has("content-encoding"), false, accepted);
  }
});

Deno.test("whoever has a file already is told so alone", async () => {
  const { headers } = await ask(get("/main.ts"));
  const etag = headers.get("etag")!;
  assertMatch(etag, /^"[\da-f]{20}"$/);
  for (const had of [etag, `W/${etag}`, `"x", ${etag}`, "*"]) {
    const answer = await ask(get("/main.ts", `If-None-Match: ${had}\r\n`));
    assertEquals([answer.status, answer.headers.get("etag")], [304, etag], had);
    assertEquals(answer.headers.get("cache-control"), "no-cache");
    assertEquals(answer.headers.has("content-length"), false);
  }
  const gzip = "Accept-Encoding: gzip\r\n";
  for (const had of ['"x"', etag.slice(1), `${etag}x`, ""]) {
    assertEquals((await ask(get("/main.ts", `If-None-Match: ${had}\r\n`))).status, 200, had);
  }
  // It has another coding of it.
  assertEquals((await ask(get("/main.ts", `If-None-Match: ${etag}\r\n${gzip}`))).status, 200);
});

Deno.test("HEAD is told what GET would be, without the body", async () => {
  const browser = new TestSite().connect();
  const methods = ["HEAD", "GET", "HEAD", "GET"];
  browser.feed("HEAD /main.ts HTTP/1.1\r\nHost: x\r\n\r\n" + get("/main.ts"));
  browser.feed("HEAD /none HTTP/1.1\r\nHost: x\r\n\r\n" + get("/none"));
  const answers = await browser.answers(4, methods);
  const fields = ({ status, headers }: Answered) => ({
    status,
    ...Object.fromEntries(headers),
    date: "",
  });
  assertEquals(fields(answers[0]!), fields(answers[1]!));
  assertEquals(fields(answers[2]!), fields(answers[3]!));
  browser.close();
});

Deno.test("other methods are refused, with those that are not", async () => {
  for (const method of ["POST", "PUT", "DELETE", "OPTIONS", "TRACE", "PATCH", "M-SEARCH", "BREW"]) {
    const { status, headers } = await ask(`${method} / HTTP/1.1\r\nHost: x\r\n\r\n`);
    assertEquals([status, headers.get("allow")], [405, "GET, HEAD"], method);
  }
  for (const line of ["OPTIONS * HTTP/1.1", "CONNECT x:80 HTTP/1.1"]) {
    assertEquals((await ask(`${line}\r\nHost: x\r\n\r\n`)).status, 405, line);
  }
});

Deno.test("HTTP/1.0 is answered, and its connection ended", async () => {
  for (const fields of ["", "Host: x\r\n", "Connection: keep-alive\r\n"]) {
    const { status, headers } = await ask(`GET / HTTP/1.0\r\n${fields}\r\n`);
    assertEquals([status, headers.get("connection")], [200, "close"]);
  }
});

Deno.test("a whole address as the target is served, and names the host", async () => {
  assertEquals(
    textOf(await ask("GET http://localhost/main.ts?x HTTP/1.1\r\nHost: x\r\n\r\n")),
    SCRIPT,
  );
  assertEquals(textOf(await ask("GET HTTP://x:7777 HTTP/1.1\r\nHost: y\r\n\r\n")), PAGE);
  const { status } = await ask("GET http://evil.example/ HTTP/1.1\r\nHost: x\r\n\r\n");
  assertEquals(status, 421);
});

Deno.test("who asks by a name that may be another site's is told which option allows it", async () => {
  const fields = `Upgrade: websocket\r\nConnection: Upgrade\r\n`;
  for (const more of ["", fields]) {
    const answer = await ask(`GET /ws HTTP/1.1\r\nHost: evil.example:7777\r\n${more}\r\n`);
    assertEquals(answer.status, 421);
    assertMatch(
      textOf(answer),
      /does not know the name evil\.example\.[^]* --web-name evil\.example\n$/,
    );
    assertEquals(answer.headers.get("content-type"), "text/plain; charset=utf-8");
  }
  const site = new TestSite({ names: () => ["a.example"], origins: ["https://b.example:8443"] });
  for (const host of ["a.example:1", "B.example", "b.example:9"]) {
    assertEquals((await ask(`GET / HTTP/1.1\r\nHost: ${host}\r\n\r\n`, site)).status, 200, host);
  }
});

Deno.test("with TLS alone, who comes without is sent to https, and who comes with it stays there", async () => {
  const site = new TestSite({ isTlsOnly: true });
  for (const target of ["/", "/main.ts?a=b", "//evil.example/"]) {
    const { status, headers } = await ask(`GET ${target} HTTP/1.1\r\nHost: x:7777\r\n\r\n`, site);
    assertEquals([status, headers.get("location")], [308, `https://x:7777${target}`]);
    assertEquals(headers.has("strict-transport-security"), false);
  }
  assertEquals((await ask("GET / HTTP/1.0\r\n\r\n", site)).status, 426);
  const secure = site.connect();
  secure.isSecure = true;
  secure.feed(get("/"));
  const [answer] = await secure.answers(1);
  assertEquals([answer!.status, answer!.headers.get("strict-transport-security")], [
    ...[200, "max-age=31536000"],
  ]);
  secure.close();
  const usual = new TestSite().connect();
  usual.isSecure = true;
  usual.feed(get("/"));
  const { headers } = (await usual.answers(1))[0]!;
  assertEquals(headers.has("strict-transport-security"), false);
  assertEquals(headers.get("cross-origin-opener-policy"), "same-origin");
  usual.close();
  // Browsers complain of it where it has no effect.
  const plain = await ask(get("/"));
  assertEquals(plain.headers.has("cross-origin-opener-policy"), false);
});

Deno.test("a WebSocket is handed on, with who asks for it and what came after", async () => {
  const site = new TestSite({ proxies: new Networks(["10.0.0.1"]) });
  const browser = site.connect("10.0.0.1");
  browser.feed(
    get("/") + get("/ws?x", `${SOCKET}X-Forwarded-For: 192.0.2.7\r\nOrigin: http://x\r\n`) +
      "\x81\x00",
  );
  await browser.served;
  const [{ request, head, who }] = site.upgrades as [typeof site.upgrades[0]];
  assertEquals([request.path, request.target, [...head]], ["/ws", "/ws?x", [0xc2, 0x81, 0]]);
  assertEquals(request.headers.get("sec-websocket-key"), "dGhlIHNhbXBsZSBub25jZQ==");
  assertEquals(who, {
    address: "192.0.2.7",
    remote: "192.0.2.7 by 10.0.0.1:1",
    isPrivate: false,
    isSecure: false,
  });
  assert(!browser.isClosed && !browser.writesEnded);
  // It is not among those any more that have limited time.
  site.server.close();
  assert(!browser.isClosed);
});

Deno.test("what is no handshake of a WebSocket, or a strange page's, opens none", async () => {
  const site = new TestSite();
  const key = "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n";
  const rows: [text: string, status: number][] = [
    [get("/other", SOCKET), 404],
    [get("/ws", `${SOCKET}Origin: http://evil.example\r\n`), 403],
    [get("/ws", `${SOCKET}Origin: null\r\n`), 403],
    [get("/ws", SOCKET.replace("13", "8")), 426],
    [get("/ws", SOCKET.replace(key, "")), 400],
    [get("/ws", SOCKET + key), 400],
    [get("/ws", SOCKET.replace("dGhl", "dGh")), 400],
    [get("/ws", SOCKET.replace("keep-alive, Upgrade", "keep-alive")), 400],
    [get("/ws", `${SOCKET}Content-Length: 1\r\n`), 400],
    [get("/ws", SOCKET).replace("GET", "POST"), 400],
    [get("/ws", SOCKET).replace("HTTP/1.1", "HTTP/1.0"), 400],
    [get("/ws"), 426],
  ];
  for (const [text, status] of rows) assertEquals((await ask(text, site)).status, status, text);
  assertEquals(site.upgrades, []);
});

Deno.test("a request that is not whole in time is answered so, and a silent connection closes", async () => {
  const site = new TestSite({ times: { request: 20, idle: 20, rest: 20 } });
  const trickling = site.connect(), silent = site.connect(), idle = site.connect();
  trickling.feed("GET / HTTP/1.1\r\nHost: ");
  idle.feed(get("/"));
  await Promise.all([trickling.served, silent.served, idle.served]);
  const statuses = async (browser: Browser) =>
    (await browser.answers(0)).map(({ status }) => status);
  assertEquals(await statuses(trickling), [408]);
  assertEquals(await statuses(silent), []);
  assertEquals(await statuses(idle), [200]);
  assert([trickling, silent, idle].every(({ isClosed }) => isClosed));
  // They have taken all that they were sent.
  assert([trickling, silent, idle].every(({ wasEvicted }) => !wasEvicted));
});

Deno.test("what still comes of a request that is late is read, so that its answer is not lost", async () => {
  const site = new TestSite({ times: { request: 20 } });
  for (const rest of ["x", "x".repeat(50_000), "x\r\n\r\n", `x\r\n\r\n${get("/")}`]) {
    const browser = site.connect();
    browser.feed("GET / HTTP/1.1\r\nHost: ");
    assertEquals((await browser.answers(1)).map(({ status }) => status), [408]);
    browser.feed(rest);
    await browser.until(() => browser.isIdle);
    assert(browser.writesEnded && !browser.isClosed);
    browser.feed(null);
    await browser.served;
    assertEquals((await browser.answers(1)).map(({ status }) => status), [408]);
    assert(browser.isClosed && !browser.wasEvicted);
  }
});

Deno.test("who takes no answer in time is cut off, and who goes on sending after the last one", async () => {
  const site = new TestSite({ times: { answer: 20, rest: 20 } });
  const slow = site.connect(), talkative = site.connect();
  slow.takesNothing = true;
  slow.feed(get("/"));
  talkative.feed("nonsense\r\n");
  await Promise.all([slow.served, talkative.served]);
  assert(slow.isClosed && slow.wasEvicted && talkative.isClosed);
  const flooding = new TestSite().connect();
  flooding.feed("nonsense\r\n", ...Array.from({ length: 20 }, () => new Uint8Array(100_000)));
  await flooding.served;
  assert(flooding.isClosed);
});

Deno.test("an end and a reset free a connection, whatever it is at", async () => {
  for (const end of [null, new Deno.errors.ConnectionReset("reset")]) {
    for (
      const sent of ["", "\r\n", "\r", "GET", "GET / HTTP/1.1\r\n", get("/"), get("/") + "GET"]
    ) {
      const browser = new TestSite().connect();
      if (sent !== "") browser.feed(sent);
      browser.feed(end);
      await browser.served;
      assert(browser.isClosed, JSON.stringify(sent));
    }
  }
  const site = new TestSite();
  const browser = site.connect();
  browser.takesNothing = true;
  browser.feed(get("/"));
  await browser.until(() => browser.writes.length > 0);
  await browser.fail(new Deno.errors.BrokenPipe("gone"));
  await browser.served;
  assert(browser.isClosed);
});

Deno.test("where many wait from one network, the eldest makes room", async () => {
  const site = new TestSite();
  const all = Array.from({ length: 201 }, () => site.connect("192.0.2.1"));
  const other = site.connect("192.0.2.2");
  assertEquals(all.map(({ isClosed }) => isClosed).lastIndexOf(true), 0);
  // Who has asked for something is not the eldest any more.
  all[1]!.feed(get("/"));
  await all[1]!.answers(1);
  site.connect("192.0.2.1");
  assert(!all[1]!.isClosed && all[2]!.isClosed && !other.isClosed);
  site.server.close();
  await Promise.all([...all, other].map(({ served }) => served));
});

Deno.test("a server that stops closes all, and takes nobody any more", async () => {
  const site = new TestSite();
  const idle = site.connect(), busy = site.connect(), throttled = site.connect();
  busy.takesNothing = true;
  busy.feed(get("/"));
  throttled.feed(get("/none").repeat(150));
  await throttled.answers(100);
  await busy.until(() => busy.writes.length > 0);
  site.server.close();
  const late = site.connect();
  await Promise.all([idle, busy, throttled, late].map(({ served }) => served));
  assert([idle, busy, throttled, late].every(({ isClosed }) => isClosed));
});
