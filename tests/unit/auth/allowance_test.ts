// What a network may have: on a clock of the test's own.

import { Allowance } from "../../../lib/auth/allowance.ts";
import { assertEquals } from "../../assert.ts";

Deno.test("so many at once, then one more every so often; another network has its own", () => {
  let time = 0;
  const allowance = new Allowance({ atOnce: 3, every: 60, now: () => time });
  const take = () => allowance.take("a");
  assertEquals([take(), take(), take(), take()], [0, 0, 0, 60]);
  assertEquals(allowance.take("b"), 0);
  time = 45;
  assertEquals(take(), 15);
  time = 60;
  assertEquals([take(), take()], [0, 60]);
  time = 1000;
  assertEquals([take(), take(), take(), take()], [0, 0, 0, 60]);
});

Deno.test("of too many networks, those that asked longest ago are forgotten", () => {
  const allowance = new Allowance({ atOnce: 1, every: 60, now: () => 0 });
  for (const network of ["old", "again"]) allowance.take(network);
  for (let i = 0; i < 9_998; i++) allowance.take(`network ${i}`);
  assertEquals([allowance.take("old"), allowance.take("again")], [60, 60]);
  allowance.take("one more");
  assertEquals([allowance.take("again"), allowance.take("old")], [60, 0]);
});
