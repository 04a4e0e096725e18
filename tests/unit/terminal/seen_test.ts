// What was shown already.

import { Seen } from "../../../lib/terminal/seen.ts";
import { parseHeard } from "../../../lib/wire/heard.ts";
import { assertEquals } from "../../assert.ts";

Deno.test("a message is known the second time, a notice never", () => {
  const seen = new Seen();
  const take = (line: string) => seen.take(parseHeard(line));
  assertEquals(take("bob(03:04:05PM): hi"), false);
  assertEquals(take("bob(03:04:05PM): hi"), true);
  assertEquals(take("bob(03:04:06PM): hi"), false);
  assertEquals(take("* bob(03:04:05PM) hi"), false);
  assertEquals([take("*** bob left"), take("*** bob left")], [false, false]);
});

Deno.test("the last thousand are known, by when they were seen last", () => {
  const seen = new Seen();
  const take = (i: number) => seen.take(parseHeard(`bob(03:04:05PM): ${i}`));
  for (let i = 0; i < 1000; i++) take(i);
  assertEquals(take(0), true);
  take(1000);
  assertEquals([take(0), take(1)], [true, false]);
});
