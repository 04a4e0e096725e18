// Counts in sentences.

import { plural } from "../../../lib/std/plural.ts";
import { assertEquals } from "../../assert.ts";

Deno.test("one is said in the singular, none and several in the plural", () => {
  assertEquals([0, 1, 2].map((count) => plural(count, "message")), [
    "0 messages",
    "1 message",
    "2 messages",
  ]);
  assertEquals(plural(2, "person", "people"), "2 people");
});
