// Waits of the same length: each is over in its own time, whoever came and went before.

import { Waits } from "../../../lib/net/waits.ts";
import { assert, assertEquals } from "../../assert.ts";

const LONG = 20;

Deno.test("each waits for its own time, in order, unless its wait is ended early", async () => {
  const { promise, resolve } = Promise.withResolvers<void>();
  const over: [string, number][] = [];
  const waits = new Waits<string>(LONG, (one) => {
    over.push([one, performance.now()]);
    if (one === "late") resolve();
  });
  const since = performance.now();
  for (const one of ["first", "gone", "second"]) waits.add(one);
  assertEquals([waits.delete("gone"), waits.delete("gone")], [true, false]);
  let began = 0;
  setTimeout(() => {
    began = performance.now();
    waits.add("late");
  }, LONG / 2);
  await promise;
  assertEquals(over.map(([one]) => one), ["first", "second", "late"]);
  assert(over.every(([one, at]) => at - (one === "late" ? began : since) > LONG - 2));
  // What was cleared makes no wait shorter.
  const again = performance.now();
  const next = Promise.withResolvers<void>();
  const later = new Waits<string>(LONG, () => next.resolve());
  later.add("one");
  later.clear();
  later.add("two");
  await next.promise;
  assert(performance.now() - again > LONG - 2);
});
