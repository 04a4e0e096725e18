// The backlog: whoever is behind and reads well is waited for.

import { Backlog } from "../../../lib/net/backlog.ts";
import { assert, assertEquals } from "../../assert.ts";
import { settle } from "./fake_connection.ts";

/** A backlog of ten outboxes, on a clock of the test's own. */
function ofTen() {
  let time = 0;
  let timers: { at: number; run: () => void }[] = [];
  const after = (ms: number, run: () => void) => {
    const timer = { at: time + ms, run };
    timers.push(timer);
    return () => void (timers = timers.filter((each) => each !== timer));
  };
  const backlog = new Backlog({ now: () => time, after });
  for (let i = 0; i < 10; i++) backlog.change(undefined, "keeping up");
  return {
    backlog,
    /** So many milliseconds pass, while a reader waits wherever it has to; returns how many it waited. */
    pass(ms: number): number {
      let waited = 0;
      for (const end = time + ms; time < end; time++) {
        if (backlog.isFull) {
          waited++;
          void backlog.relief();
        }
        for (const { run } of timers.filter(({ at }) => at <= time + 1)) run();
      }
      return waited;
    },
  };
}

Deno.test("it is full while one is behind; who has stalled does not count", () => {
  const backlog = new Backlog();
  const states = [backlog.isFull];
  backlog.change(undefined, "keeping up");
  backlog.change("keeping up", "behind");
  states.push(backlog.isFull);
  backlog.change("behind", "stalled");
  states.push(backlog.isFull);
  backlog.change("stalled", "behind");
  states.push(backlog.isFull);
  backlog.change("behind", undefined);
  states.push(backlog.isFull);
  assertEquals(states, [false, true, false, true, false]);
});

Deno.test("relief comes to everyone who waits, and not before it is due", async () => {
  const backlog = new Backlog();
  for (let i = 0; i < 2; i++) backlog.change(undefined, "behind");
  let relieved = 0;
  for (let i = 0; i < 2; i++) void backlog.relief().then(() => relieved++);
  backlog.change("behind", "keeping up");
  await settle();
  assertEquals(relieved, 0);
  backlog.change("behind", "stalled");
  await settle();
  assertEquals(relieved, 2);
});

Deno.test("a few who are behind hold up the others for 50 ms in any second, however many take turns", () => {
  const { backlog, pass } = ofTen();
  backlog.change("keeping up", "behind");
  const waited = pass(10_000);
  assert(waited >= 9 * 50 && waited <= 10 * 50, `waited ${waited} ms of 10,000`);
  for (let i = 0; i < 100; i++) {
    pass(10);
    backlog.change("behind", "keeping up");
    backlog.change("keeping up", "behind");
  }
  assert(pass(1000) <= 50);
  backlog.change("behind", "keeping up");
  assertEquals(pass(2000), 0);
  backlog.change("keeping up", "behind");
  assertEquals([pass(50), pass(900)], [50, 0]);
});

Deno.test("where nobody waits, nobody is held up, and nothing is counted", () => {
  const { backlog, pass } = ofTen();
  backlog.change("keeping up", "behind");
  assert(backlog.isFull);
  assertEquals(pass(49), 49);
  backlog.change("behind", "keeping up");
  pass(10);
  backlog.change("keeping up", "behind");
  assertEquals(pass(500), 1);
});

Deno.test("half of all who are behind are the pace of the room: they are waited for as long as it takes", () => {
  const { backlog, pass } = ofTen();
  for (let i = 0; i < 5; i++) backlog.change("keeping up", "behind");
  assertEquals(pass(5000), 5000);
  backlog.change("behind", "keeping up");
  assertEquals(pass(5000) <= 5 * 50, true);
  backlog.change("keeping up", "behind");
  assertEquals(pass(100), 100);
});
