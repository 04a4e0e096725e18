// Requests that are none, or that two servers might read in two ways: each is answered by a status, and ends
// its connection.

import fc from "fast-check";
import { assert, assertEquals } from "../../../assert.ts";
import { TestSite } from "./browser.ts";

const HOST = "Host: x\r\n";
const head = (line: string, fields = HOST) => `${line}\r\n${fields}\r\n`;
const get = (fields: string) => head("GET / HTTP/1.1", HOST + fields);
const post = (fields: string, body = "") => head("POST / HTTP/1.1", HOST + fields) + body;
const CONTROLS = Array.from({ length: 32 }, (_, code) => code).filter((code) => code !== 9);

/** By what is answered. */
// deno-fmt-ignore
const TABLE: Readonly<Record<number, readonly string[]>> = {
  400: [
    // Line ends.
    ...[
      "GET / HTTP/1.1\nHost: x\n\n", "GET / HTTP/1.1\r\nHost: x\n\r\n",
      "GET / HTTP/1.1\rHost: x\r\r\n",
    ],
    ...[
      "GET / HTTP/1.1\r\nHost: x\r\n\n", "GET / HTTP/1.1\n\rHost: x\r\n\r\n",
      "\n\nGET / HTTP/1.1\r\nHost: x\r\n\r\n",
    ],
    ...["GET / HTTP/1.1\r\rHost: x\r\n\r\n", "GET / HTTP/1.1\r\nHost: x\r\r\n\r\n"],
    // First lines.
    ...[
      "GET\r\n\r\n", "GET \r\n\r\n", "GET HTTP/1.1\r\n\r\n", "/ HTTP/1.1\r\n\r\n",
      " GET / HTTP/1.1\r\n\r\n",
    ],
    ...[
      "GET  / HTTP/1.1", "GET /  HTTP/1.1", "GET / HTTP/1.1 ", "GET\t/ HTTP/1.1",
      "GET /\tHTTP/1.1",
    ].map((line) => head(line)),
    ...[
      "GET / HTTP/1.1 x", "GET /a b HTTP/1.1", "GET / http/1.1", "GET / HTTP", "GET / HTTP/",
      "GET /",
    ].map((line) => head(line)),
    ...[
      "GET / HTTP/1", "GET / HTTP/1.", "GET / HTTP/.1", "GET / HTTP/x.y", "GET / HTTP/1.1x",
      "GET / HTTP 1.1",
    ].map((line) => head(line)),
    ...["GET / HTTPS/1.1", "GET / RTSP/1.0", "GET / ICE/1.0", "SOURCE / ICE/1.0", "GET / XHTTP/1.1"].map((line) => head(line)),
    ...[
      'G"T / HTTP/1.1', "G(T / HTTP/1.1", "GÉT / HTTP/1.1", "GET, / HTTP/1.1", "{} / HTTP/1.1",
      ": / HTTP/1.1",
    ].map((line) => head(line)),
    // Targets.
    ...[
      "a", "a/b", "?q", "*", "x:80", "http:/x", "http://", "http:///x", "ftp://x/",
      "javascript:x",
    ].map((target) => head(`GET ${target} HTTP/1.1`)),
    ...[
      "/#x", "http://a@x/", "http://a:b@x/", "http://x:port/", "http://x y/", "http://[::1/",
      "http://x/#y",
    ].map((target) => head(`GET ${target} HTTP/1.1`)),
    ...["/é", "/\x7f", "/\x80"].map((target) => head(`GET ${target} HTTP/1.1`)),
    ...CONTROLS.map((code) => head(`GET /${String.fromCharCode(code)}x HTTP/1.1`)),
    // Hosts.
    head("GET / HTTP/1.1", ""),
    ...[
      "", "x y", "x/y", "x@y", "http://x", "x:port", "x:1:2", "x, y", "[::1", "::1", "x\\y", "x?",
      "x#", '"x"',
    ].map((host) => head("GET / HTTP/1.1", `Host: ${host}\r\n`)),
    ...["x", "y", ""].map((host) => get(`Host: ${host}\r\n`)),
    ...["x", "y"].map((host) => get(`hOST: ${host}\r\n`)),
    head("GET http://x/ HTTP/1.1", ""),
    head("GET http://x/ HTTP/1.1", "Host: x y\r\n"),
    // Fields.
    ...[
      " folded: x\r\n", "\tfolded: x\r\n", "A : b\r\n", "A\t: b\r\n", "A b: c\r\n", ": b\r\n",
      "A\r\n", "A\r\n: b\r\n",
    ].map(get),
    ...[
      "A: b\r\n c\r\n", "A: b\r\n\tc\r\n", "A:\r\n b\r\n", "Host: x\r\n y\r\n", "A: b\rc\r\n",
      "A: b\n\r\n", "A: b\nC: d\r\n",
    ].map(get),
    ...[
      "Á: b\r\n", '"A": b\r\n', "(A): b\r\n", "A,B: c\r\n", "A/B: c\r\n", "A;: c\r\n", "A=: c\r\n",
      "[A]: c\r\n", "{: c\r\n",
    ].map(get),
    ...["@: c\r\n", "A\x7f: c\r\n", "A\\: c\r\n", "A?: c\r\n", "<A>: c\r\n"].map(get),
    ...CONTROLS.map((code) => get(`A: b${String.fromCharCode(code)}c\r\n`)),
    ...CONTROLS.map((code) => get(`A${String.fromCharCode(code)}: b\r\n`)),
    get("A: \x7f\r\n"),
    head("GET / HTTP/1.1", ` ${HOST}`),
    head("GET / HTTP/1.1", `\t${HOST}`),
    // Lengths.
    ...[
      "-1", "+1", "1e3", "0x10", "1.0", "1,1", "5, 5", "5 5", "a", "", " ", "١",
      "99999999999999999999999999", "1;", '"1"',
    ].map((length) => post(`Content-Length: ${length}\r\n`)),
    ...["5", "6", "0"].map((length) => post(`Content-Length: 5\r\nContent-Length: ${length}\r\n`)),
    post("Content-Length : 5\r\n"),
    post("Content-Length: 5\r\n 6\r\n"),
    post("Content\x00-Length: 5\r\n"),
    // Both a length and a transfer coding.
    ...["chunked", "gzip, chunked", "CHUNKED", "identity", "xchunked"].flatMap((coding) => [
      post(`Content-Length: 5\r\nTransfer-Encoding: ${coding}\r\n`, "0\r\n\r\n"),
      post(`Transfer-Encoding: ${coding}\r\nContent-Length: 5\r\n`, "0\r\n\r\n"),
    ]),
    // Transfer codings that no one could agree on.
    ...["chunked, gzip", "chunked, chunked", "chunked,"].map((coding) =>
      post(`Transfer-Encoding: ${coding}\r\n`)
    ),
    post("Transfer-Encoding: chunked\r\nTransfer-Encoding: gzip\r\n"),
    post("Transfer-Encoding : chunked\r\n"),
    post("Transfer-Encoding:\x0bchunked\r\n"),
    post("Transfer-Encoding: chunked\x00\r\n"),
    post("Transfer-Encoding: chunked\r\n , gzip\r\n"),
    head("POST / HTTP/1.0", "Transfer-Encoding: chunked\r\n"),
    // Not HTTP at all.
    ...[
      "hello\r\n", "{}\r\n", "\x16\x03\x01\x02\x00\x01\x00\r\n", "EHLO x\r\n", "SSH-2.0-x\r\n",
      "NICK x\r\n", "\0\r\n",
    ],
    ...[
      "PROXY TCP4 192.0.2.1 192.0.2.2 1 2\r\n", "<xml/>\r\n", "\xff\xfb\x1f\r\n", "stats\r\n",
      ".\r\n",
    ],
  ],
  405: [
    ...[
      "FOO", "get", "Get", "GETS", "GE", "G", "BREW", "X-Y", "!", "~", "a.b", "GET|POST", "'",
      "G".repeat(50),
    ].map((method) => head(`${method} / HTTP/1.1`)),
  ],
  414: [
    head(`GET /${"a".repeat(8000)} HTTP/1.1`),
    `GET /${"a".repeat(16 * 1024)}`,
    "x".repeat(17_000),
  ],
  417: ["200-ok", "100-continued", "x, 100-continue", ""].map((expect) =>
    get(`Expect: ${expect}\r\n`)
  ),
  431: [
    get(`A: ${"b".repeat(16 * 1024)}\r\n`),
    get(`${"a".repeat(17_000)}: b\r\n`),
    get("A: b\r\n".repeat(100)),
    get("A:\r\n".repeat(5000)),
  ],
  501: [
    "gzip",
    "deflate",
    "identity",
    "xchunked",
    "gzip, chunked",
    "x",
    "\xffchunked",
    "chunked;q=1",
  ]
    .map((coding) => post(`Transfer-Encoding: ${coding}\r\n`, "0\r\n\r\n")),
  505: [
    ...["0.9", "1.2", "1.9", "2.0", "3.0", "9.9", "10.1", "1.10", "01.1"].map((version) =>
      head(`GET / HTTP/${version}`)
    ),
    "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
  ],
};
const ROWS = Object.entries(TABLE).flatMap(([status, texts]) =>
  texts.map((text) => [Number(status), text] as const)
);

/** Latin-1, so that any byte can be in a table. */
function bytes(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(text, (letter) => letter.charCodeAt(0));
}

const named = (text: string) => JSON.stringify(text.length > 200 ? `${text.slice(0, 200)}…` : text);

/** Sends chunks and the end, and returns what was answered. */
async function exchange(chunks: readonly Uint8Array[]): Promise<number[]> {
  const browser = new TestSite().connect();
  browser.feed(...chunks, null);
  await browser.served;
  assert(browser.isClosed && browser.writes.length === 0);
  const answers = await browser.answers(0);
  const last = answers.at(-1);
  if (last !== undefined && last.status !== 200) {
    assertEquals(last.headers.get("connection"), "close");
  }
  return answers.map(({ status }) => status);
}

Deno.test("each of some hundred malformed requests is answered by its status, however it is split", async () => {
  assert(3 * ROWS.length > 470, `${ROWS.length}`);
  for (const [status, text] of ROWS) {
    const whole = bytes(text);
    assertEquals(await exchange([whole]), [status], named(text));
    const parts = Array.from(whole.subarray(0, 600), (byte) => Uint8Array.of(byte));
    assertEquals(
      await exchange([...parts, whole.subarray(600)]),
      [status],
      `split: ${named(text)}`,
    );
  }
});

Deno.test("a malformed request after a good one is answered after it, and nothing that follows", async () => {
  const good = "GET / HTTP/1.1\r\nHost: x\r\n\r\n";
  for (const [status, text] of ROWS) {
    const answers = await exchange([bytes(good + text), bytes(good)]);
    assertEquals(answers, [200, status], named(text));
  }
});

Deno.test("a body is never read as a request, whatever its length is said to be", async () => {
  const inner = "GET /inner HTTP/1.1\r\nHost: x\r\n\r\n";
  const rows: [text: string, status: number][] = [
    [post("Content-Length: 5\r\n", "hello"), 405],
    [post(`Content-Length: ${inner.length}\r\n`, inner), 405],
    [get(`Content-Length: ${inner.length}\r\n`) + inner, 200],
    [post("Transfer-Encoding: chunked\r\n", `5\r\nhello\r\n0\r\n\r\n${inner}`), 405],
    [post("Transfer-Encoding: Chunked\r\n", `FFFFFFFFFFFFFFFFF\r\n${inner}`), 405],
    [get("Transfer-Encoding: chunked\r\n") + `-1\r\n${inner}`, 200],
    [post("Transfer-Encoding: chunked\r\n", `5;${"x".repeat(20_000)}\r\nhello\r\n`), 405],
    [post("Transfer-Encoding: chunked\r\n", `0\r\n${"A: b\r\n".repeat(1000)}\r\n`), 405],
    [post("Content-Length: 9999999999\r\nExpect: 100-continue\r\n"), 405],
    [get("Content-Length: 1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n") + inner, 404],
  ];
  for (const [text, status] of rows) {
    assertEquals(await exchange([bytes(text), bytes(inner)]), [status], named(text));
  }
});

Deno.test("any bytes at all, however they are split, end with the same answers", async () => {
  const pieces = fc.constantFrom(
    ...[
      "GET ",
      "POST ",
      "/",
      "/main.ts",
      " HTTP/1.1",
      " HTTP/1.0",
      "\r\n",
      "\r\n\r\n",
      "\n",
      "\r",
      " ",
      "\t",
      ":",
    ],
    ...[
      "Host: x\r\n",
      "Host",
      "Content-Length: 3\r\n",
      "Transfer-Encoding: chunked\r\n",
      "A: b\r\n",
      "abc",
      "\0",
      "é",
    ],
    ...["GET / HTTP/1.1\r\nHost: x\r\n\r\n", "HEAD / HTTP/1.1\r\nHost: x\r\n\r\n", "0\r\n\r\n"],
  );
  const anything = fc.oneof(
    fc.array(pieces, { maxLength: 12 }).map((all) => all.join("")),
    fc.string({ unit: "binary-ascii", maxLength: 200 }),
  );
  const sizes = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 10 });
  await fc.assert(fc.asyncProperty(anything, sizes, async (text, sizes) => {
    // Answers to HEAD have no body, which the test's browser cannot know of here.
    const all = bytes(text.replaceAll("HEAD", "GET"));
    const chunks: Uint8Array[] = [];
    for (let at = 0, i = 0; at < all.length; i++) {
      const size = sizes[i % sizes.length]!;
      chunks.push(all.slice(at, at += size));
    }
    const whole = await exchange(all.length === 0 ? [] : [all]);
    assertEquals(await exchange(chunks), whole);
    assert(whole.length > 0 || /^(?:\r\n)*\r?$/.test(text), named(text));
  }));
});
