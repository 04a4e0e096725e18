// What first bytes are, wherever reads split them; and what comes late is never said.

import fc from "fast-check";
import {
  FirstBytes,
  isHttp,
  isJson,
  isProxy,
  isSsh,
  isTls,
  type Speaks,
  speaks,
  speaksAtEnd,
} from "../../../lib/wire/first_bytes.ts";
import { LineProtocol } from "../../../lib/wire/line.ts";
import { assert, assertEquals } from "../../assert.ts";

const ENCODER = new TextEncoder();
const SIGNATURE = Uint8Array.of(13, 10, 13, 10, 0, 13, 10, 0x51, 0x55, 0x49, 0x54, 10);
const CLIENT_HELLO = Uint8Array.of(0x16, 3, 1, 0, 5, 1, 0, 0, 1, 10);

/** Bytes of a text, or bytes as they are. */
function bytesOf(what: string | Uint8Array): Uint8Array {
  return typeof what === "string" ? ENCODER.encode(what) : what;
}

/** What they are, once all have come. */
function found(what: string | Uint8Array, most = 8192): Speaks | "lines" | undefined {
  const first = new FirstBytes(most);
  first.add(bytesOf(what));
  return speaks(first);
}

Deno.test("first bytes tell their protocol", () => {
  const rows: [string | Uint8Array, Speaks | "lines" | undefined][] = [
    ["GET / HTTP/1.1\r\n", "HTTP"],
    ["\r\n\r\nGET / HTTP/1.0\n", "HTTP"],
    ["frob /a b HTTP/1.1\r\n", "HTTP"],
    ["PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "HTTP"],
    [`GET /${"x".repeat(9000)}`, "HTTP"],
    [`frob /${"x".repeat(9000)} HTTP/1.1\r\n`, "HTTP"],
    ["GET / HTTP/1.1", undefined],
    ["GET the milk\n", "lines"],
    ["HTTP/1.1 is old\n", "lines"],
    [CLIENT_HELLO, "TLS"],
    [Uint8Array.of(0x16), undefined],
    [Uint8Array.of(0x16, 2), undefined],
    [Uint8Array.of(0x16, 2, 10), "lines"],
    ['{"type":"join"}\n', "JSON"],
    ['/json {"type":"join"}\r\n', "JSON"],
    ["/json {", "JSON"],
    [`{"text":"${"x".repeat(9000)}`, "JSON"],
    ["{hello}\n", "lines"],
    ['{"a":1} b\n', "lines"],
    ["[1]\n", "lines"],
    ["/json\n", "lines"],
    ["/join tea\n", "lines"],
    ["SSH-2.0-OpenSSH_9.2p1 Debian-2\r\n", "SSH"],
    ["SSH-1.99-PuTTY\n", "SSH"],
    ["SSH-", undefined],
    ["SSH-keys?\n", "lines"],
    ["SSH\n", "lines"],
    ["SSH is not what this is\n", "lines"],
    [SIGNATURE, "PROXY"],
    [SIGNATURE.subarray(0, 11), undefined],
    ["PROXY TCP4 192.0.2.1 192.0.2.2 5 6\r\n", "PROXY"],
    ["PROXY UNKNOWN\r\n", "PROXY"],
    ["PROXY TCP4x\r\n", "lines"],
    ["PROXY settings?\n", "lines"],
    ["hello\n", "lines"],
    ["hello\r\0", "lines"],
    ["hel", undefined],
    ["\r\n", undefined],
    ["", undefined],
    [Uint8Array.of(255, 253, 3), "lines"],
  ];
  for (const [what, protocol] of rows) {
    assertEquals(found(what), protocol, JSON.stringify(what).slice(0, 80));
  }
});

/** Parts of which all protocols are made, one character a byte. */
const PARTS = [
  ...["\r", "\n", "\0", " ", "\xff", "\xfd", "\x16", "\x03", "GET", " /", " HTTP/1.1", "x"],
  ...["PROXY", " TCP4", "\r\n\r\n\0\r\nQUIT\n", "{", '"a"', ":1}", "/json", "/j"],
];

Deno.test("whatever comes first, it is the same at once and a byte at a time", () => {
  const parts = fc.array(fc.constantFrom(...PARTS), { minLength: 1, maxLength: 6 });
  fc.assert(
    fc.property(parts, (chosen) => {
      const bytes = Uint8Array.from(chosen.join(""), (character) => character.charCodeAt(0));
      const first = new FirstBytes(8192);
      let seen: Speaks | "lines" | undefined;
      for (let i = 0; i < bytes.length && seen === undefined; i++) {
        first.add(bytes.subarray(i, i + 1));
        seen = speaks(first);
      }
      assertEquals(found(bytes), seen);
    }),
    {
      numRuns: 2000,
      examples: [
        [["\xff", " HTTP/1.1", "\n"]],
        [["/json", " ", "{", " HTTP/1.1", "\n"]],
        [["SSH-2.0-", " HTTP/1.1", "\n"]],
      ],
    },
  );
});

Deno.test("only what nobody types is waited for", () => {
  const likely: [string | Uint8Array, (first: FirstBytes) => string][] = [
    ["GET /x", isHttp],
    ["OPTIONS *", isHttp],
    ['{"type', isJson],
    [Uint8Array.of(0x16), isTls],
    [SIGNATURE.subarray(0, 7), isProxy],
    ["PROXY TC", isProxy],
    ["SSH-", isSsh],
    ["SSH-2.0", isSsh],
  ];
  for (const [what, matches] of likely) {
    const first = new FirstBytes(8192);
    first.add(bytesOf(what));
    assertEquals(matches(first), "likely", String(what));
  }
  for (const what of ["", "h", "hello there", "GET", "{", "/json", "P", "\r\n", "\r\0"]) {
    const first = new FirstBytes(8192);
    first.add(bytesOf(what));
    for (const matches of [isHttp, isJson, isTls, isProxy, isSsh]) {
      assert(["maybe", "no"].includes(matches(first)), `${what} ${matches.name}`);
    }
  }
});

Deno.test("what ends before its first line does is what it began as", () => {
  const rows: [string, Speaks | "lines"][] = [
    ["GET /secret?key=1", "HTTP"],
    ["frob / HTTP/1.1", "HTTP"],
    ['{"type":"join"}', "JSON"],
    ['{"type":', "JSON"],
    ["PROXY TC", "PROXY"],
    ["hello", "lines"],
    ["", "lines"],
  ];
  for (const [what, protocol] of rows) {
    const first = new FirstBytes(8192);
    first.add(bytesOf(what));
    assertEquals(speaksAtEnd(first), protocol, what);
  }
});

/** Streams that begin as each protocol does, with something glued to it. */
const word = fc.stringMatching(/^[!-~]{1,20}$/);
const rest = fc.array(word, { maxLength: 5 }).map((words) => words.map((w) => `${w}\r\n`).join(""));
const STREAMS: [Speaks, fc.Arbitrary<Uint8Array>][] = [
  [
    "HTTP",
    fc.tuple(fc.stringMatching(/^[A-Za-z!#$%&'*+.^_`|~-]{1,12}$/), word, fc.nat(9), rest).map((
      [method, target, minor, rest],
    ) => ENCODER.encode(`${method} /${target} HTTP/1.${minor}\r\nCookie: secret\r\n\r\n${rest}`)),
  ],
  [
    "TLS",
    fc.uint8Array({ maxLength: 200 }).map((more) => Uint8Array.of(0x16, 3, ...more)),
  ],
  [
    "JSON",
    fc.tuple(fc.dictionary(word, fc.jsonValue()), fc.boolean(), rest).map((
      [object, isAsked, rest],
    ) => ENCODER.encode(`${isAsked ? "/json " : ""}${JSON.stringify(object)}\n${rest}`)),
  ],
  [
    "PROXY",
    fc.tuple(fc.constantFrom("TCP4 192.0.2.1 192.0.2.2 1 2", "UNKNOWN", "TCP6 ::1 ::2 1 2"), rest)
      .map(([header, rest]) => ENCODER.encode(`PROXY ${header}\r\n${rest}`)),
  ],
  [
    "SSH",
    fc.tuple(fc.constantFrom("2.0", "1.99"), word, rest)
      .map(([version, name, rest]) => ENCODER.encode(`SSH-${version}-${name}\r\n${rest}`)),
  ],
  [
    "PROXY",
    fc.uint8Array({ maxLength: 200 }).map((more) => Uint8Array.of(...SIGNATURE, ...more)),
  ],
];

/** Cuts bytes into parts: one by one, all at once, or anywhere. */
function cuts(bytes: Uint8Array, sizes: readonly number[]): Uint8Array[] {
  const parts: Uint8Array[] = [];
  for (let start = 0, i = 0; start < bytes.length; i++) {
    const end = start + Math.max(1, sizes[i % sizes.length]!);
    parts.push(bytes.subarray(start, end));
    start = end;
  }
  return parts;
}

const SIZES = fc.oneof(
  fc.constant([1]),
  fc.constant([10_000]),
  fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 8 }),
);

for (const [protocol, stream] of STREAMS) {
  Deno.test(`early: ${protocol} is detected however it is split`, () => {
    fc.assert(fc.property(stream, SIZES, (bytes, sizes) => {
      const first = new FirstBytes(8192);
      for (const part of cuts(bytes, sizes)) {
        first.add(part);
        const what = speaks(first);
        if (what !== undefined) return assertEquals(what, protocol);
      }
      assert(false, "it was not detected");
    }));
  });

  Deno.test(`late: nothing of ${protocol} is said, however it is split`, () => {
    const lines = fc.constantFrom(16, 64, 1024, 65536);
    fc.assert(fc.property(stream, SIZES, lines, (bytes, sizes, maxLine) => {
      const protocolOfLines = new LineProtocol(maxLine);
      const inputs = cuts(bytes, sizes).flatMap((part) => protocolOfLines.decode(part));
      inputs.push(...protocolOfLines.end());
      // A line that is too long is told to its sender alone.
      const heard = inputs.filter(({ kind }) => kind !== "oversize" && kind !== "reply");
      assertEquals(heard, [{ kind: "stranger", speaks: protocol }]);
    }));
  });
}

Deno.test("what a person types is lines, however it is split", () => {
  const text = fc.array(fc.stringMatching(/^[a-z ,.!?é€-]{0,60}$/), { minLength: 1, maxLength: 6 });
  fc.assert(fc.property(text, SIZES, (lines, sizes) => {
    const bytes = ENCODER.encode(lines.map((line) => `${line}\r\n`).join(""));
    const protocol = new LineProtocol(1024);
    const inputs = cuts(bytes, sizes).flatMap((part) => protocol.decode(part));
    assert(inputs.every(({ kind }) => kind === "text"));
    assertEquals(inputs.length, lines.filter((line) => line.trim() !== "").length);
  }));
});
