// Bytes into lines, however reads cut them.

import fc from "fast-check";
import { LineSplitter } from "../../../lib/wire/line_splitter.ts";
import { assert, assertEquals } from "../../assert.ts";

const ENCODER = new TextEncoder();
const IAC = 255, SB = 250, SE = 240, WILL = 251, DO = 253, BS = 8, DEL = 127;

function bytes(...parts: (string | number[])[]): Uint8Array {
  return Uint8Array.from(
    parts.flatMap((part) => typeof part === "string" ? [...ENCODER.encode(part)] : part),
  );
}

/** All lines of a stream that comes in one piece. */
function lines(stream: Uint8Array, limit = 2000): (string | undefined)[] {
  const splitter = new LineSplitter(limit);
  return [...splitter.split(stream), ...splitter.end()];
}

Deno.test("a line ends with LF, CR LF or CR NUL, or with the stream", () => {
  assertEquals(lines(bytes("a\nb\r\nc\r", [0], "d")), ["a", "b", "c", "d"]);
  assertEquals(lines(bytes("\n\r\n")), ["", ""]);
  assertEquals(lines(bytes("a\rb\n")), ["a\rb"]);
  assertEquals(lines(bytes("a", [0], "b\n")), ["a\0b"]);
  assertEquals(lines(bytes("a\r\n", [0], "b\n")), ["a", "\0b"]);
});

Deno.test("bytes that are no UTF-8 become U+FFFD", () => {
  assertEquals(lines(bytes("a", [0xff, 0xff, 0xc3], "b\n")), ["a\ufffd\ufffdb"]);
  assertEquals(lines(bytes([0xe2, 0x82], "\n")), ["\ufffd"]);
});

Deno.test("telnet commands are consumed", () => {
  const stream = bytes(
    [IAC, WILL, 1, IAC, DO, 31],
    "he",
    [IAC, SB, 24, 0, 11, IAC, IAC, 65, IAC, SE],
    "ll",
    [IAC, 241],
    "o\n",
  );
  assertEquals(lines(stream), ["hello"]);
});

Deno.test("a line's end ends any telnet command, wherever in it", () => {
  const commands = [
    [IAC, WILL],
    [IAC, DO],
    [IAC, SB],
    [IAC, SB, 24, 0],
    [IAC, SB, 24, IAC],
    [IAC, SB, 24, IAC, IAC],
  ];
  for (const command of commands) {
    for (const end of ["\n", "\r\n", "\r\0"]) {
      assertEquals(lines(bytes("a", command, `${end}b${end}`)), ["a", "b"], `${command} ${end}`);
    }
  }
});

Deno.test("a byte of another encoding is U+FFFD, and swallows nothing behind it", () => {
  // Windows-1251's я, Latin-1's ÿ.
  const rows: [Uint8Array, string[]][] = [
    [bytes("a", [IAC], "\nb\n"), ["a\ufffd", "b"]],
    [bytes("a", [IAC], "\r\nb\r\0"), ["a\ufffd", "b"]],
    [bytes([IAC], " a", [IAC], "b\n"), ["\ufffd a\ufffdb"]],
    [bytes([IAC], "é\n"), ["\ufffdé"]],
    [bytes([IAC, DEL], "a\n"), ["a"]],
    [bytes("a", [IAC]), ["a\ufffd"]],
    // A line's end is looked for behind each of them.
    [bytes("a\r", [IAC, 0], "b\n"), ["a\r\ufffd\0b"]],
  ];
  for (const [stream, expected] of rows) assertEquals(lines(stream), expected);
});

Deno.test("a sub-negotiation is no longer than 1 KiB: what comes then is text", () => {
  const stream = bytes([IAC, SB], "x".repeat(1024), "hello\n");
  assertEquals(lines(stream, 2000), ["ello"]);
  assertEquals(lines(bytes([IAC, SB], "x".repeat(1000), [IAC, SE], "hello\n"), 2000), ["hello"]);
});

Deno.test("a timing mark is counted until it is taken", () => {
  const splitter = new LineSplitter(100);
  splitter.split(bytes([IAC, DO, 6, IAC, DO]));
  assertEquals(splitter.takeMarks(), 1);
  splitter.split(bytes([6, IAC, WILL, 6]));
  assertEquals(splitter.takeMarks(), 1);
  assertEquals(splitter.takeMarks(), 0);
});

Deno.test("BS and DEL take back the last grapheme", () => {
  const family = "👨‍👩‍👧";
  const rows: [Uint8Array, string][] = [
    [bytes("abc", [BS], "d\n"), "abd"],
    [bytes("aé", [DEL, DEL], "x\n"), "x"],
    [bytes(`a${family}`, [DEL], "b\n"), "ab"],
    [bytes("e\u0301", [DEL], "f\n"), "f"],
    [bytes([BS, BS], "a\n"), "a"],
    // Of bytes that are no UTF-8, one at a time.
    [bytes("a", [0xfe, DEL], "b\n"), "ab"],
    [bytes("a", [0xfe, 0xfe, DEL], "b\n"), "a\ufffdb"],
    [bytes("a", [0xfe], "\u0300", [DEL, DEL], "b\n"), "ab"],
    // However long it is, and never more than there is.
    [bytes("aé" + "\u20d0".repeat(300), [DEL], "b\n"), "ab"],
    [bytes("a" + "👩🏽‍".repeat(50) + "🚀", [DEL], "b\n"), "ab"],
    [bytes("é" + "\u20d0".repeat(21), [DEL, DEL, DEL], "a\n"), "a"],
    // Two letters are a flag, from the first one on.
    [bytes("🇦".repeat(37), [DEL], "a\n"), "🇦".repeat(36) + "a"],
    [bytes("🇦".repeat(37), [DEL, DEL], "a\n"), "🇦".repeat(34) + "a"],
    [bytes("x" + "🇦".repeat(200), [DEL], "a\n"), "x" + "🇦".repeat(198) + "a"],
    [bytes([0x80, 0x80, DEL, DEL, DEL], "a\n"), "a"],
  ];
  for (const [stream, expected] of rows) assertEquals(lines(stream), [expected]);
});

Deno.test("erasing does not reach into the line before", () => {
  assertEquals(lines(bytes("one\n", [DEL, DEL], "two\n")), ["one", "two"]);
});

Deno.test("a line over the limit is reported once, and the next one is whole", () => {
  assertEquals(lines(bytes("12345678\n123456789\nok\n"), 8), ["12345678", undefined, "ok"]);
  assertEquals(lines(bytes("12345678\r\nx\n"), 8), ["12345678", "x"]);
  assertEquals(lines(bytes("123456789\r\nx\n"), 8), [undefined, "x"]);
  assertEquals(lines(bytes("x".repeat(1000)), 8), [undefined]);
});

const FLOODS: [string, number[], number][] = [
  ["text", [65], 100],
  ["telnet commands", [IAC, 241], 10],
  ["a telnet sub-negotiation that never ends", [IAC, SB, 65, 65], 10],
  ["erased letters", [65, DEL], 10],
  ["erased accents", [65, 0xc3, 0xa9, DEL, DEL], 1],
  ["control characters", [1, 0, 27], 10],
];
for (const [what, pattern, megabytes] of FLOODS) {
  Deno.test(`${megabytes} MB of ${what} without a line end hold no more than a line`, () => {
    const splitter = new LineSplitter(1024);
    const chunk = Uint8Array.from({ length: 1024 * 1024 }, (_, i) => pattern[i % pattern.length]!);
    let reported = 0;
    const before = Deno.memoryUsage();
    for (let i = 0; i < megabytes; i++) reported += splitter.split(chunk).length;
    const after = Deno.memoryUsage();
    assert(reported <= 1);
    assert(after.external - before.external < 4 * 1024 * 1024, "kept outside the heap");
    assert(after.heapUsed - before.heapUsed < 24 * 1024 * 1024, "kept in the heap");
    splitter.split(bytes([IAC, SE, 10]));
    assertEquals(splitter.split(bytes("next\n")), ["next"]);
  });
}

/** Bytes of every kind that means something here. */
const telling = fc.oneof(
  fc.constantFrom(10, 13, 0, BS, DEL, IAC, SB, SE, WILL, DO, 6, 65, 0x16, 3).map((byte) => [byte]),
  fc.constantFrom(
    "é",
    "e\u0301",
    "\u20d0".repeat(30),
    "👨‍👩‍👧",
    "\ufeff",
    "\ufffd",
    "words\r\n",
    "a\nb\n",
  )
    .map((text) => [...ENCODER.encode(text)]),
  // Telnet commands, whole and cut short.
  fc.constantFrom([IAC, SB, 24, 1], [IAC, SE], [IAC, WILL], [IAC, 246], [IAC, IAC], [13, 0]),
  fc.nat(255).map((byte) => [byte]),
);

Deno.test("a line's end is never swallowed, whatever stands before it", () => {
  fc.assert(
    fc.property(fc.array(telling, { maxLength: 50 }), (parts) => {
      const found = lines(
        Uint8Array.from([...parts.flat(), 10, ...ENCODER.encode("next\n")]),
        9999,
      );
      assertEquals(found.at(-1), "next");
    }),
    { numRuns: 1000 },
  );
});

Deno.test("any splitting of a stream into chunks gives the same lines, none over the limit", () => {
  const stream = fc.array(telling, { maxLength: 100 }).map((parts) => parts.flat());
  fc.assert(
    fc.property(
      stream,
      fc.array(fc.nat(300)),
      fc.integer({ min: 4, max: 80 }),
      (all, cuts, limit) => {
        const whole = Uint8Array.from(all);
        const splitter = new LineSplitter(limit);
        const found: (string | undefined)[] = [];
        let from = 0;
        const inside = cuts.filter((cut) => cut < whole.length).sort((a, b) => a - b);
        for (const cut of [...inside, whole.length]) {
          found.push(...splitter.split(whole.slice(from, cut)));
          from = cut;
        }
        found.push(...splitter.end());
        const once = new LineSplitter(limit);
        assertEquals(found, [...once.split(whole), ...once.end()]);
        assertEquals(splitter.takeMarks(), once.takeMarks());
        for (const line of found) assert(line === undefined || line.length <= limit);
      },
    ),
    { numRuns: 1000 },
  );
});
