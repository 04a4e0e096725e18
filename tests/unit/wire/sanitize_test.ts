// What reaches other people's terminals.

import fc from "fast-check";
import { sanitize } from "../../../lib/wire/sanitize.ts";
import { assert, assertEquals } from "../../assert.ts";

Deno.test("clean text stays as it is, in any script", () => {
  for (const text of ["hello", "Größe", "你好", "👨‍👩‍👧 👍🏽", "שלום\u200f!", "नमस्ते", "a\u00adb"]) {
    assertEquals(sanitize(text), text);
  }
});

Deno.test("control characters, escape sequences and bidi overrides go, a tab becomes a space", () => {
  const rows = [
    ["a\tb", "a b"],
    ["a\u2028b\u2029c", "a b c"],
    ["\x1b[31mred\x1b[0m", "red"],
    ["\x1b]0;title\x07text", "text"],
    ["a\x00b\x07c\x7fd\x85e", "abcde"],
    ["\x9b2Jx", "x"],
    ["user\u202egnp.exe\u202c", "usergnp.exe"],
    ["\u2066x\u2069", "x"],
    ["a\rb", "ab"],
  ];
  for (const [text, expected] of rows) assertEquals(sanitize(text!), expected);
});

Deno.test("nothing hostile is left of any text, and cleaning twice changes nothing", () => {
  const any = fc.string({ unit: "binary" });
  const escapes = fc.constantFrom(
    "\x1b",
    "\x9b",
    "[",
    "]",
    "0;",
    "m",
    "\x07",
    "\\",
    "\t",
    "\x1b\x1b",
  );
  const text = fc.array(fc.oneof(any, escapes)).map((parts) => parts.join(""));
  fc.assert(
    fc.property(text, (text) => {
      const clean = sanitize(text);
      assert(!/[\p{Cc}\u202a-\u202e\u2066-\u2069\u2028\u2029]/u.test(clean));
      assertEquals(sanitize(clean), clean);
    }),
    { numRuns: 500 },
  );
});
