// What it costs to read what strangers send: no input takes more of the event loop than others of its size.

import { checkName } from "../../../lib/chat/names.ts";
import { JsonProtocol, longestMessage } from "../../../lib/wire/json.ts";
import { LineProtocol } from "../../../lib/wire/line.ts";
import type { Protocol } from "../../../lib/wire/protocol.ts";
import { assert } from "../../assert.ts";

/** Microseconds that a byte may cost; nearly all cost a hundredth of it. */
const MOST = 20;
const RUNS = 5, BYTES = 32 * 1024;
const ENCODER = new TextEncoder();

/** Microseconds a byte, of the best of several runs: the machine does other things too. */
function cost(work: () => void, bytes: number): number {
  const runs = Array.from({ length: RUNS }, () => {
    const start = performance.now();
    work();
    return performance.now() - start;
  });
  return Math.min(...runs) * 1000 / bytes;
}

/** So many bytes: a beginning, then the same again and again. */
function flood(pattern: string | number[], beginning = ""): Uint8Array {
  const head = ENCODER.encode(beginning);
  const rest = typeof pattern === "string" ? ENCODER.encode(pattern) : pattern;
  const byte = (i: number) => i < head.length ? head[i]! : rest[(i - head.length) % rest.length]!;
  return Uint8Array.from({ length: BYTES }, (_, i) => byte(i));
}

function read(make: () => Protocol, bytes: Uint8Array, size: number): void {
  const protocol = make();
  for (let i = 0; i < bytes.length; i += size) protocol.decode(bytes.subarray(i, i + size));
}

const FAMILIES = "👨‍👩‍👧‍👦👨‍👩‍👧‍👦x";
const LINES: [string, Uint8Array][] = [
  ["letters erased behind families", flood("é\b", FAMILIES)],
  ["ASCII erased behind families", flood("x\b", FAMILIES)],
  ["families erased", flood(`${FAMILIES}\b\b\b`)],
  ["halves of flags erased", flood("🇦\b", "🇦".repeat(250))],
  ["flags erased", flood("🇦🇧\b", "🇦".repeat(250))],
  ["a long tower of marks, and what follows it", flood("é\b", "e" + "\u20d0".repeat(300))],
  ["a heart joined to a tower of marks", flood("❤\b", "x" + "\u0301".repeat(300) + "\u200d")],
  ["a heart joined to a lower one", flood("❤\b", "x" + "\u0301".repeat(15) + "\u200d")],
  ["consonants joined by viramas", flood("ष\b", "क" + "\u094d".repeat(15))],
  ["Hangul erased", flood("ᄀ\b", "ᄀ".repeat(300))],
  ["bytes that are no UTF-8 erased", flood([0xff, 0xfe, 8, 0x80, 8, 8])],
  ["erasing nothing", flood([8, 127])],
  ["LF", flood("\n")],
  ["CR NUL", flood("\r\0")],
  ["one letter a line", flood("x\n")],
  ["one command a line", flood("/x\n")],
  ["slashes", flood("/".repeat(1000) + "\n")],
  ["a command and blanks", flood("/x" + " ".repeat(1000) + "\n")],
  ["what looks like HTTP", flood("GET /" + "x".repeat(1000) + "\n")],
  ["telnet commands", flood([255, 241])],
  ["telnet's timing marks", flood([255, 253, 6])],
  ["sub-negotiations", flood([255, 250, 1, 255, 240])],
  ["sub-negotiations without end", flood([255, 250, 65, 66])],
  ["escape sequences", flood("\x1b[1;31m\n")],
  ["escape sequences cut short", flood("\x1b[1;\n")],
  ["an escape sequence without end", flood("\x1b[" + "1;".repeat(500) + "\n")],
  ["escape sequences in each other", flood("\x1b]" + "a;[\x1b[".repeat(150) + "\n")],
  ["control characters", flood([1, 0, 27])],
  ["bidi overrides", flood("\u202e\n")],
  ["a line without end", flood("x")],
];
for (const [what, bytes] of LINES) {
  Deno.test(`no byte costs more than ${MOST} µs: ${what}`, () => {
    for (const size of [128, 4096]) {
      const each = cost(() => read(() => new LineProtocol(1024), bytes, size), bytes.length);
      assert(each < MOST, `${each} µs in reads of ${size} bytes`);
    }
  });
}

Deno.test("what is erased costs much the same in any script", () => {
  const each = (bytes: Uint8Array) =>
    cost(() => read(() => new LineProtocol(1024), bytes, 4096), bytes.length);
  const usual = each(flood("x\b"));
  for (const [what, bytes] of LINES.slice(0, LINES.findIndex(([what]) => what === "LF"))) {
    const times = each(bytes) / usual;
    assert(times < 12, `${what}: ${times} times as much`);
  }
});

const say = (text: string) => `{"type":"say","text":"${text}"}`;
const MESSAGES: [string, string][] = [
  ["nothing", ""],
  ["no JSON", "{"],
  ["blanks", say(" ")],
  ["arrays in arrays", "[".repeat(4000)],
  ["objects in objects", '{"a":'.repeat(800)],
  ["a long number", `{"id":${"9".repeat(4000)}}`],
  ["a long name", `{"type":"nick","name":"${"ﷺ".repeat(1300)}"}`],
  ["half pairs", say("\\ud800".repeat(600))],
  ["escape sequences", say("\\u001b[1;".repeat(400))],
  ["line ends", say("\\r".repeat(2000))],
];
for (const [what, message] of MESSAGES) {
  Deno.test(`no byte of a message costs more than ${MOST} µs: ${what}`, () => {
    // Each comes in a frame with a head and a mask.
    const count = Math.ceil(BYTES / (message.length + 7)), bytes = ENCODER.encode(`${message}\n`);
    const lines = Uint8Array.from(
      { length: count * bytes.length },
      (_, i) => bytes[i % bytes.length]!,
    );
    const make = () => new JsonProtocol({ maxLine: 1024, token: "" });
    for (const size of [128, 4096]) {
      const each = cost(() => read(make, lines, size), lines.length + 6 * count);
      assert(each < MOST, `${each} µs in reads of ${size} bytes`);
    }
  });
}

Deno.test("a message that comes in many reads costs no more than one that comes in few", () => {
  const maxLine = 64 * 1024;
  const message = ENCODER.encode(say("x".repeat(longestMessage(maxLine) - 30)) + "\n");
  const make = () => new JsonProtocol({ maxLine, token: "" });
  assert(cost(() => read(make, message, 16), message.length) < 2);
});

Deno.test("a long name costs no more than a text of its length", () => {
  for (
    const name of ["ﷺ".repeat(240), "e\u0301".repeat(120), "㍿".repeat(4000), "а".repeat(20_000)]
  ) {
    const each = cost(() => void checkName(name), ENCODER.encode(name).length);
    assert(each < MOST, `${each} µs`);
  }
});
