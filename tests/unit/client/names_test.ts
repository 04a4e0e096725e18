// Names as the page compares and colours them.

import fc from "fast-check";
import { fold as fold_ } from "../../../lib/chat/names.ts";
import { compareNames, fold, hue, initial, isGuest } from "../../../lib/client/state/names.ts";
import { assert, assertEquals, assertGreater } from "../../assert.ts";

const NAME = fc.string({ unit: "grapheme", minLength: 1, maxLength: 20 });

Deno.test("names are the same to the page when they are to the server", () => {
  fc.assert(fc.property(NAME, (name) => assertEquals(fold(name), fold_(name))));
  assertEquals(fold("Zoe\u0308"), fold("ZOË"));
  assertEquals(fold("ＡＮＮ"), "ann");
});

Deno.test("a guest's name is told from others", () => {
  assertEquals(["guest1", "guest42"].map(isGuest), [true, true]);
  assertEquals(["guest", "guest1x", "xguest1", "Guest1", "ann"].map(isGuest), Array(5).fill(false));
});

Deno.test("names stand as people look for them, numbers by their size", () => {
  const names = ["p10", "Zoë", "p2", "ann", "p1", "bob10", "Bob9", "Änne"];
  assertEquals(names.sort(compareNames), [
    ...["ann", "Änne", "Bob9", "bob10", "p1", "p2", "p10", "Zoë"],
  ]);
});

Deno.test("a name has one hue of 24, however it is written", () => {
  fc.assert(fc.property(NAME, (name) => {
    assert(hue(name) >= 0 && hue(name) < 360 && hue(name) % 15 === 0, `${hue(name)}`);
    assertEquals(hue(name), hue(name.normalize("NFD")));
  }));
  assertEquals(hue("ANN"), hue("ann"));
  const hues = new Set(Array.from({ length: 500 }, (_, at) => hue(`name${at}`)));
  assertGreater(hues.size, 20);
});

Deno.test("an initial is the first letter with all its marks, as a capital", () => {
  const rows = [["ann", "A"], ["zoë", "Z"], ["e\u0301a", "E\u0301"], ["हिन्दी", "हि"], ["李", "李"]];
  for (const [name, letter] of rows) assertEquals(initial(name!), letter!);
  assertEquals(initial(""), "");
});
