// Work in slices rests twice as long as it works: on a clock of the test's own.

import { createPause, createSearches } from "../../../lib/history/search.ts";
import { assertEquals, assertRejects } from "../../assert.ts";

Deno.test("small slices are put together, and behind them comes a rest twice as long", async () => {
  let time = 0, turns = 0;
  const rests: number[] = [];
  const pause = createPause({
    now: () => time,
    delay: (ms) => {
      rests.push(ms);
      time += ms;
      return Promise.resolve();
    },
    turn: () => Promise.resolve(turns++),
  });
  for (const worked of [4, 1, 0.5, 0.5, 3]) {
    time += worked;
    await pause();
  }
  assertEquals([rests, turns], [[8, 4, 6], 2]);
});

Deno.test("a search is the history's, its failure too", async () => {
  const search = { words: ["tea"], reader: { member: 1 }, rooms: () => true, count: 3 };
  const asked: unknown[] = [];
  const find = (wanted: unknown) => {
    asked.push(wanted);
    return Promise.resolve({ messages: [] });
  };
  const run = createSearches({ search: find });
  assertEquals(await run({ kind: "search", search, address: "192.0.2.7" }), {
    kind: "found",
    messages: [],
  });
  assertEquals(asked, [search]);
  const broken = createSearches({ search: () => Promise.reject(new Error("bug")) });
  await assertRejects(() => broken({ kind: "search", search, address: "192.0.2.7" }), Error, "bug");
});

Deno.test("searches are run one at a time, and of one network twenty are in line", async () => {
  let running = 0, most = 0;
  const searched: number[] = [];
  const run = createSearches({
    search: async ({ count }) => {
      most = Math.max(most, ++running);
      await new Promise((resolve) => setImmediate(resolve));
      running--;
      searched.push(count);
      return { messages: [] };
    },
  });
  const find = (count: number, address: string) => {
    const search = { words: ["tea"], reader: { member: 1 }, rooms: () => true, count };
    return run({ kind: "search", search, address });
  };
  const crowd = Array.from({ length: 300 }, (_, i) => find(i, "192.0.2.7"));
  const other = find(1000, "192.0.2.8");
  const kinds = (await Promise.all(crowd)).map(({ kind }) => kind);
  assertEquals((await other).kind, "found");
  assertEquals([most, searched.indexOf(1000)], [1, 1]);
  assertEquals(kinds, [...Array(20).fill("found"), ...Array(280).fill("busy")]);
});
