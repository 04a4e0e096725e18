// Stdin as lines, however its bytes come.

import * as fc from "fast-check";
import { readLines } from "../../../../lib/cli/admin/lines.ts";
import { StartError } from "../../../../lib/errors.ts";
import { assertEquals, assertThrows } from "../../../assert.ts";

/** Reads that return so many bytes each, then all that is left. */
function reading(bytes: Uint8Array, cuts: readonly number[] = []) {
  let at = 0;
  const counts = cuts.values();
  return (buffer: Uint8Array): number | null => {
    if (at === bytes.length) return null;
    const most = counts.next().value ?? bytes.length;
    const part = bytes.subarray(at, at + Math.min(most, buffer.length));
    buffer.set(part);
    at += part.length;
    return part.length;
  };
}

const encode = (text: string) => new TextEncoder().encode(text);

Deno.test("lines end by LF or CR LF, the last one perhaps by nothing", () => {
  assertEquals([...readLines(reading(encode("a\r\n\nb")))], ["a", "", "b"]);
  assertEquals([...readLines(reading(encode("a\n")))], ["a"]);
  assertEquals([...readLines(reading(encode("")))], []);
});

Deno.test("any cuts give the same lines", () => {
  fc.assert(fc.property(
    fc.array(fc.string({ unit: "grapheme" }).filter((text) => !/[\r\n\ufeff]/.test(text))),
    fc.array(fc.integer({ min: 1, max: 9 })),
    (lines, cuts) => {
      const bytes = encode(lines.map((line) => `${line}\n`).join(""));
      assertEquals([...readLines(reading(bytes, cuts))], lines);
    },
  ));
});

Deno.test("a line without an end is refused before it fills the memory", () => {
  const endless = (buffer: Uint8Array) => buffer.fill(120).length;
  const error = assertThrows(() => [...readLines(endless)], StartError);
  assertEquals(error.message, "a line has at most 1048576 bytes");
});
