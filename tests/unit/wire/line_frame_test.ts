// JSON lines as a server sends them.

import fc from "fast-check";
import { LINES } from "../../../lib/wire/line_frame.ts";
import { assertEquals } from "../../assert.ts";

Deno.test("whatever objects are sent as lines, they are found again, each ended by LF", () => {
  const objects = fc.array(fc.string({ unit: "binary" }));
  fc.assert(fc.property(objects, (values) => {
    const texts = values.map((text) => JSON.stringify({ text }));
    const lines = LINES.encode(texts);
    assertEquals(LINES.decode(lines), texts);
    const ends = [...LINES.ends(lines)];
    assertEquals([ends.length, ends.at(-1) ?? 0], [texts.length, lines.length]);
    assertEquals(ends.map((end) => lines[end - 1]), texts.map(() => 10));
  }));
});
