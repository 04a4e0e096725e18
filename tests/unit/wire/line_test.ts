// The line protocol: what a line means, and what people read.

import { toBytes, toChunk } from "../../../lib/wire/chunk.ts";
import fc from "fast-check";
import type { Delivery } from "../../../lib/chat/delivery.ts";
import type { Input } from "../../../lib/chat/event.ts";
import { fold } from "../../../lib/chat/names.ts";
import { LineProtocol, LINES, parseLine } from "../../../lib/wire/line.ts";
import { assert, assertEquals, assertMatch } from "../../assert.ts";
import { said } from "../chat/said.ts";
import { people, type Person, run } from "../chat/people.ts";

const ENCODER = new TextEncoder(), DECODER = new TextDecoder();
const NOON = new Date(2024, 0, 2, 12, 3, 4).getTime();

function decode(text: string | Uint8Array, maxLine = 1024): Input[] {
  const protocol = new LineProtocol(maxLine);
  const bytes = typeof text === "string" ? ENCODER.encode(text) : text;
  return [...protocol.decode(bytes), ...protocol.end()];
}

function encode(...deliveries: Delivery[]): string {
  const chunk = LINES.encode(deliveries);
  return chunk === undefined ? "" : DECODER.decode(toBytes(chunk));
}

Deno.test("a line is words, a command, or nothing", () => {
  const rows: [string, Input | undefined][] = [
    ["hello there ", { kind: "text", text: "hello there " }],
    ["", undefined],
    [" \t ", undefined],
    ["/who", { kind: "command", name: "who", text: "" }],
    ["/Nick  alice  ", { kind: "command", name: "Nick", text: "alice" }],
    ["//who", { kind: "text", text: "/who" }],
    ["/", { kind: "text", text: "/" }],
    ["/ who", { kind: "text", text: "/ who" }],
    [" /who", { kind: "text", text: " /who" }],
  ];
  for (const [line, expected] of rows) assertEquals(parseLine(line), expected, line);
});

Deno.test("the limit is of the text, not of what stands before it", () => {
  const fits = "x".repeat(16), name = "e\u0301\u0302\u0303".repeat(20);
  const rows = [[fits, fits], [`//${fits.slice(1)}`, `/${fits.slice(1)}`], [
    `/whisper ${name} ${fits}`,
    `${name} ${fits}`,
  ]];
  for (const [line, text] of rows) {
    const [input] = decode(`${line}\n`, 16);
    assert(input !== undefined && "text" in input && input.text === text, line);
  }
  for (const line of [`${fits}!`, `//${fits}`, "/".repeat(500), `/msg bob ${"x".repeat(500)}`]) {
    assertEquals(decode(`${line}\n`, 16), [{ kind: "oversize", limit: 16 }], line);
  }
});

Deno.test("a message, an action and a notice, each a line of its own", () => {
  assertEquals(
    encode(
      said({ from: "alice", text: "hello there", at: NOON }),
      said({ kind: "action", from: "alice", text: "waves", at: NOON }),
      said({
        kind: "private",
        from: "alice",
        text: "psst",
        at: NOON,
        to: { member: 2, name: "bob" },
      }),
      { kind: "notice", text: "bob joined (3 here)" },
    ),
    "alice(12:03:04PM): hello there\r\n* alice(12:03:04PM) waves\r\n" +
      "alice(12:03:04PM) to bob: psst\r\n*** bob joined (3 here)\r\n",
  );
});

Deno.test("an HTTP request or a TLS handshake is a stranger's, in the first line alone", () => {
  assertEquals(decode("GET / HTTP/1.1\r\nHost: x\r\n\r\n"), [{ kind: "stranger", speaks: "HTTP" }]);
  const long = `GET /${"x".repeat(2000)} HTTP/1.1\r\nCookie: secret\r\n\r\n`;
  assertEquals(decode(long), [{ kind: "stranger", speaks: "HTTP" }]);
  assertEquals(decode(Uint8Array.of(0x16, 3, 1, 0, 5)), [{ kind: "stranger", speaks: "TLS" }]);
  assertEquals(decode("hi\nGET / HTTP/1.1\n").map(({ kind }) => kind), ["text", "text"]);
});

Deno.test("too long a line is reported with its limit", () => {
  assertEquals(decode(`${"x".repeat(17)}\nok\n`, 16), [
    { kind: "oversize", limit: 16 },
    { kind: "text", text: "ok" },
  ]);
});

Deno.test("a telnet's timing mark is answered before the lines that came with it", () => {
  const stream = Uint8Array.of(97, 10, 255, 253, 6, 98, 10);
  assertEquals(decode(stream), [
    { kind: "reply", chunk: toChunk(Uint8Array.of(255, 251, 6)) },
    { kind: "text", text: "a" },
    { kind: "text", text: "b" },
  ]);
});

Deno.test("one encoder for all: the bytes are shared", () => {
  assert(new LineProtocol(64).encoder === new LineProtocol(64).encoder);
  assertEquals(new LineProtocol(64).speaks, "lines");
});

/** Text that tries to be what it is not. */
const hostile = fc.array(
  fc.oneof(
    fc.constantFrom(
      ..."\r\n\0\b\x7f\x1b\u0085\u2028\u2029\u202e\u2066*():/ ",
      "*** ",
      "\n*** x joined (9 here)\r\n",
      "bob(01:02:03AM): hi",
      "\x1b[2J\x1b[1;1H",
      "\xff\xfb\x01",
      "/me ",
      "/nick ",
      "/quit ",
      "/help ",
      "//",
    ),
    fc.string({ unit: "binary", maxLength: 12 }),
  ),
  { maxLength: 30 },
).map((parts) => parts.join(""));

const LINE = /^(?:\*\*\* .*|\* \S+\(\d\d:\d\d:\d\d[AP]M\) .*|\S+\(\d\d:\d\d:\d\d[AP]M\): .*)$/;

Deno.test("no input makes an output line that is not a notice, an action or NAME(TIME): …", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(hostile, { maxLength: 6 }), async (streams) => {
      const [mallory, bob] = people(2, LINES) as [Person, Person];
      const protocol = new LineProtocol(200);
      const inputs = streams.flatMap((stream) => protocol.decode(ENCODER.encode(stream)));
      inputs.push(...protocol.end());
      await run([mallory.join(), bob.join()], inputs.map((input) => mallory.input(input)));
      const names = new Set([mallory, bob].map(({ name }) => fold(name)));
      assertEquals(names.size, 2);
      const heard = bob.chunks.map((chunk) => DECODER.decode(toBytes(chunk))).join("");
      assert(heard.endsWith("\r\n"));
      for (const line of heard.slice(0, -2).split("\r\n")) {
        assertMatch(line, LINE);
        assert(!/[\p{Cc}\u202a-\u202e\u2066-\u2069\u2028\u2029]/u.test(line), JSON.stringify(line));
        // A notice is the server's: it speaks of somebody by the name that the server knows.
        if (line.startsWith("***")) {
          assertMatch(
            line,
            /^\*\*\* (?:Welcome to bobchat, guest2\. Here: guest1\.|Type to talk\. .*|\S+ is now \S+|\S+ left(?:: .*)? \(1 here\)|The room is closing: goodbye)$/,
          );
        }
      }
    }),
    { numRuns: 300 },
  );
});
