// The slowest tests are found in junit reports.

import { slowest } from "../../../scripts/slowest_tests.ts";
import { assertEquals } from "../../assert.ts";

Deno.test("the slowest tests of all reports are listed, the slowest first, by their own names", () => {
  const test = (name: string, time: number, file = "a_test.ts") =>
    `<testcase name="${name}" classname="./tests/${file}" time="${time}" line="1" col="6">\n` +
    "</testcase>\n";
  const many = Array.from({ length: 12 }, (_, i) => test(`quick ${i}`, 0.1)).join("");
  const [, ...rows] = slowest([
    many + test("says &quot;a &lt; b&quot;", 2.25, "harness.ts"),
    test("waits", 11) + test("waits &gt; a step of it", 10),
  ]).split("\n");
  assertEquals(rows.length, 10);
  assertEquals(rows.slice(0, 2), [
    "  11.0  waits (./tests/a_test.ts)",
    '   2.3  says "a < b"',
  ]);
});
