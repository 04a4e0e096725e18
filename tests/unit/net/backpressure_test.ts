// The backpressure: whoever is behind and reads well is waited for.

import { Backpressure } from "../../../lib/net/backpressure.ts";
import { assert, assertEquals } from "../../assert.ts";
import { settle } from "./fake_connection.ts";

/** A backpressure of ten outboxes, on a clock of the test's own. */
function ofTen() {
  let time = 0;
  let timers: { at: number; run: () => void }[] = [];
  const after = (ms: number, run: () => void) => {
    const timer = { at: time + ms, run };
    timers.push(timer);
    return () => void (timers = timers.filter((each) => each !== timer));
  };
  const backpressure = new Backpressure({ now: () => time, after });
  const outboxes = Array.from({ length: 10 }, () => ({}));
  for (const outbox of outboxes) backpressure.change(outbox, undefined, "keeping up");
  return {
    backpressure,
    fallsBehind: (i: number) => backpressure.change(outboxes[i]!, "keeping up", "behind"),
    keepsUp: (i: number) => backpressure.change(outboxes[i]!, "behind", "keeping up"),
    /** So many milliseconds pass, while a reader waits wherever it has to; returns how many it waited. */
    pass(ms: number): number {
      let waited = 0;
      for (const end = time + ms; time < end; time++) {
        if (backpressure.isFull) {
          waited++;
          void backpressure.relief();
        }
        for (const { run } of timers.filter(({ at }) => at <= time + 1)) run();
      }
      return waited;
    },
  };
}

Deno.test("it is full while one is behind; who has stalled does not count", () => {
  const backpressure = new Backpressure(), outbox = {};
  const states = [backpressure.isFull];
  backpressure.change(outbox, undefined, "keeping up");
  backpressure.change(outbox, "keeping up", "behind");
  states.push(backpressure.isFull);
  backpressure.change(outbox, "behind", "stalled");
  states.push(backpressure.isFull);
  backpressure.change(outbox, "stalled", "behind");
  states.push(backpressure.isFull);
  backpressure.change(outbox, "behind", undefined);
  states.push(backpressure.isFull);
  assertEquals(states, [false, true, false, true, false]);
});

Deno.test("relief comes to everyone who waits, and not before it is due", async () => {
  const backpressure = new Backpressure(), outbox = {};
  for (let i = 0; i < 2; i++) backpressure.change(outbox, undefined, "behind");
  let relieved = 0;
  for (let i = 0; i < 2; i++) void backpressure.relief().then(() => relieved++);
  backpressure.change(outbox, "behind", "keeping up");
  await settle();
  assertEquals(relieved, 0);
  backpressure.change(outbox, "behind", "stalled");
  await settle();
  assertEquals(relieved, 2);
});

Deno.test("a few who are behind hold up the others for 50 ms in any second, however they take turns", () => {
  const { fallsBehind, keepsUp, pass } = ofTen();
  fallsBehind(0);
  const waited = pass(10_000);
  assert(waited >= 9 * 50 && waited <= 10 * 50, `waited ${waited} ms of 10,000`);
  let inTurns = 0;
  for (let i = 0; i < 100; i++) {
    inTurns += pass(10);
    keepsUp(i % 4);
    fallsBehind((i + 1) % 4);
  }
  assert(inTurns <= 50, `waited ${inTurns} ms of 1000`);
  keepsUp(0);
  assertEquals(pass(2000), 0);
  fallsBehind(0);
  assertEquals([pass(50), pass(900)], [50, 0]);
});

Deno.test("half of all who are behind are the pace of the room: they are waited for as long as it takes", () => {
  const { fallsBehind, keepsUp, pass } = ofTen();
  for (let i = 0; i < 5; i++) fallsBehind(i);
  assertEquals(pass(5000), 5000);
  // By turns they are as slow.
  for (let i = 0; i < 30; i++) {
    keepsUp(i % 5);
    if (i > 5) assertEquals(pass(100), 100);
    fallsBehind(i % 5);
  }
  for (let i = 1; i < 5; i++) keepsUp(i);
  assert(pass(5000) <= 2000 + 5 * 50, "one alone is not, once the others kept up for a while");
});
