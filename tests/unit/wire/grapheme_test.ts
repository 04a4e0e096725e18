// The last grapheme, held against Intl.Segmenter, which begins at the front.

import fc from "fast-check";
import { lastGrapheme } from "../../../lib/wire/grapheme.ts";
import { assertEquals } from "../../assert.ts";

const ENCODER = new TextEncoder();
const SEGMENTER = new Intl.Segmenter();

/** Where a segmenter has the last grapheme of a text begin, in bytes of UTF-8. */
function expected(text: string): number {
  const last = [...SEGMENTER.segment(text)].at(-1)?.segment ?? "";
  return ENCODER.encode(text).length - ENCODER.encode(last).length;
}

function found(text: string): number {
  const bytes = ENCODER.encode(text);
  return lastGrapheme(bytes, bytes.length);
}

Deno.test("any text's last grapheme is the segmenter's", () => {
  const parts = fc.constantFrom(
    ...["a", "Z", " ", "é", "ß", "中", "\t", "\u2028", "\u202e", "\ufffd", "ﷺ", "ﾞ"],
    ...[
      "\u0301",
      "\u20d0",
      "\ufe0f",
      "\u20e3",
      "👨",
      "👩",
      "❤",
      "☺",
      "🏽",
      "🏿",
      "👨\u200d",
      "❤\ufe0f\u200d",
    ],
    ...["🇦", "🇧", "🇨🇩", "\u{e0067}", "\u{e007f}"],
    ...["क", "ष", "क\u094d", "ि", "ক", "ক\u09cd", "ী", "க\u0bcd", "ഷ", "ഷ\u0d4d"],
    ...["\u1100", "\u1161", "\u11a8", "가", "각", "\ua960", "\ud7b0", "\ud7cb"],
    ...["\u0600", "\u{110bd}", "ก", "\u0e33", "က", "\u102c", "\u1039", "\u1038"],
  );
  fc.assert(
    fc.property(fc.array(parts, { minLength: 1, maxLength: 12 }), (all) => {
      const text = all.join("");
      assertEquals(found(text), expected(text), JSON.stringify(text));
    }),
    { numRuns: 2000 },
  );
});

Deno.test("any one character behind a letter is the segmenter's", () => {
  // What Unicode has no characters for yet is left out, and of the others every seventh is enough.
  for (let code = 0x80; code < 0xe1000; code = code < 0x3000 ? code + 1 : code + 7) {
    if (code >= 0xd800 && code < 0xe000 || code >= 0x32000 && code < 0xe0000) continue;
    for (const text of [`a${String.fromCodePoint(code)}`, `${String.fromCodePoint(code)}\u0301`]) {
      assertEquals(found(text), expected(text), code.toString(16));
    }
  }
});

Deno.test("bytes that are no UTF-8 are graphemes of their own", () => {
  for (
    const stray of [[0x80], [0xc3], [0xc0, 0x80], [0xed, 0xa0, 0x80], [0xf5, 0x80, 0x80, 0x80], [
      0xff,
    ]]
  ) {
    const bytes = Uint8Array.from([97, ...stray]);
    for (let end = bytes.length; end > 1; end--) assertEquals(lastGrapheme(bytes, end), end - 1);
  }
});
