// A map with a bound drops what was set longest ago, and nothing else.

import { BoundedMap } from "../../../lib/std/bounded_map.ts";
import { assertEquals } from "../../assert.ts";

Deno.test("beyond its bound a map drops what was set longest ago, however often that was read", () => {
  const map = new BoundedMap<string, number>(2);
  map.set("a", 1);
  map.set("b", 2);
  map.set("a", 3);
  assertEquals(map.get("b"), 2);
  map.set("c", 4);
  assertEquals([...map.values()], [3, 4]);
  assertEquals([map.get("a"), map.get("b"), map.get("c"), map.size], [3, undefined, 4, 2]);
  map.delete("a");
  assertEquals([map.get("a"), map.size], [undefined, 1]);
});

Deno.test("what is due is dropped, up to the first that is not", () => {
  const map = new BoundedMap<string, number>(9);
  for (const [index, at] of [1, 2, 5, 3].entries()) map.set(`${index}`, at);
  map.dropWhile((at) => at < 4);
  assertEquals(["0", "1", "2", "3"].map((key) => map.get(key)), [undefined, undefined, 5, 3]);
});
