// Work in slices rests twice as long as it works: on a clock of the test's own.

import { createPause } from "../../../lib/history/turn.ts";
import { assertEquals } from "../../assert.ts";

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
