// Rows of a terminal: what fits into how many columns.

import fc from "fast-check";
import { layOut, layOutInput, widthOf } from "../../../lib/terminal/layout.ts";
import { paint } from "../../../lib/terminal/paint.ts";
import { sanitize } from "../../../lib/wire/sanitize.ts";
import { assert, assertEquals } from "../../assert.ts";
import { shown } from "./shown.ts";

const rowsOf = (line: string, columns: number) =>
  layOut(paint(shown(line), {}), columns).map(({ text }) => text);

Deno.test("characters take the columns that terminals give them", () => {
  const rows: [string, number][] = [
    ["hello", 5],
    ["你好", 4],
    ["ｆｕ", 4],
    ["한국", 4],
    ["é", 1],
    ["e\u0301", 1],
    // A syllable in two parts, which some terminals show one after the other.
    ["\u1100\u1161", 3],
    ["😀", 2],
    ["🇩🇪", 2],
    ["a\u200bb", 2],
    ["…—①", 3],
    // Some terminals show one hand, some a hand and a colour.
    ["👍🏽", 4],
  ];
  for (const [text, expected] of rows) assertEquals(widthOf(text), expected, text);
});

Deno.test("a long line is broken between words, and what was said stays right of the name", () => {
  assertEquals(
    rowsOf("bob(03:04:05PM): in a minute or two, when the kettle boils", 40),
    [
      "bob(03:04:05PM): in a minute or two,",
      "                 when the kettle boils",
    ].map((row, i) => i === 0 ? `${row} ` : row),
  );
  assertEquals(rowsOf("*** one two three", 12), ["*** one two ", "    three"]);
  assertEquals(rowsOf("short", 5), ["short"]);
});

Deno.test("a word longer than a row fills rows, and wide characters are never cut in half", () => {
  assertEquals(rowsOf("abcdefghij", 4), ["abcd", "efgh", "ij"]);
  assertEquals(rowsOf("你好你好", 5), ["你好", "你好"]);
});

Deno.test("where the name takes too much room, rows are indented a little", () => {
  const rows = rowsOf("somebody(03:04:05PM): one two three four five six", 24);
  assertEquals(rows[1]!.match(/^ */)![0].length, 4);
});

Deno.test("styles go on where a row ends, and no row ends in one", () => {
  const line = { spans: [{ text: "aaa bbb", style: "1" }, { text: " ccc" }], head: 0 };
  const rows = layOut(line, 4).map(({ text }) => text);
  assertEquals(rows, ["\x1b[1maaa \x1b[m", "\x1b[1mbbb\x1b[m ", "ccc"]);
});

const text = fc.array(fc.oneof(
  fc.string({ unit: "grapheme", maxLength: 12, size: "max" }),
  fc.constantFrom("你好", "👨‍👩‍👧", "👍🏽", "e\u0301", "x".repeat(50), " ", "  "),
)).map((parts) => sanitize(parts.join(" ")));

Deno.test("no row is wider than the terminal, and nothing but blanks is lost", () => {
  fc.assert(
    fc.property(text, fc.integer({ min: 40, max: 90 }), (text, columns) => {
      const line = paint(shown(`bob(03:04:05PM): ${text}`), {});
      const rows = layOut(line, columns);
      for (const { text, width } of rows) {
        assertEquals(widthOf(text), width);
        assert(width <= columns, `${width} of ${columns}: ${text}`);
      }
      const bare = (text: string) => text.replace(/\s/g, "");
      assertEquals(bare(rows.map(({ text }) => text).join("")), bare(`bob(03:04:05PM): ${text}`));
    }),
    { numRuns: 500 },
  );
});

Deno.test("a typed line leaves a column for the cursor, and goes on in the next row", () => {
  const size = { columns: 10, rows: 24 };
  const at = (line: string, cursor: number) => {
    const { rows, row, before } = layOutInput({ prompt: "> ", line, cursor }, size);
    return [rows.map(({ text }) => text), row, before];
  };
  assertEquals(at("", 0), [["> "], 0, "> "]);
  assertEquals(at("1234567", 7), [["> 1234567"], 0, "> 1234567"]);
  assertEquals(at("12345678", 8), [["> 1234567", "8"], 1, "8"]);
  assertEquals(at("12345678", 7), [["> 1234567", "8"], 1, ""]);
  assertEquals(at("12345678", 2), [["> 1234567", "8"], 0, "> 12"]);
  assertEquals(at("12345你", 5), [["> 12345你"], 0, "> 12345"]);
  assertEquals(at("123456你", 7), [["> 123456", "你"], 1, "你"]);
  assertEquals(at("a\tb\x1b", 2), [["> a·b·"], 0, "> a·"]);
});

Deno.test("of a typed line that is higher than the screen one sees what is around the cursor", () => {
  const input = { prompt: "> ", line: "x".repeat(100), cursor: 100 };
  const { rows, row } = layOutInput(input, { columns: 11, rows: 3 });
  assertEquals([rows.length, row], [3, 2]);
  const { rows: atStart, row: first } = layOutInput({ ...input, cursor: 0 }, {
    columns: 11,
    rows: 3,
  });
  assertEquals([atStart.length, first, atStart[0]!.text], [3, 0, "> xxxxxxxx"]);
});

Deno.test("a pasted line end begins a row", () => {
  const { rows, row, before } = layOutInput({ prompt: "> ", line: "one\ntwo", cursor: 5 }, {
    columns: 40,
    rows: 24,
  });
  assertEquals([rows.map(({ text }) => text), row, before], [["> one", "two"], 1, "t"]);
});

Deno.test("a window of no width, or of one column, is drawn all the same", () => {
  for (const columns of [0, 1, 2, 3]) {
    const bare = rowsOf("bob(03:04:05PM): 你好, all of you", columns).join("").replaceAll(" ", "");
    assertEquals(bare, "bob(03:04:05PM):你好,allofyou");
    layOutInput({ prompt: "#lobby> ", line: "你好", cursor: 2 }, { columns, rows: 1 });
  }
});
