import { isFlat, type Sample, trend } from "../../../../scripts/soak/trend.ts";
import { assert, assertAlmostEquals, assertThrows } from "../../../assert.ts";

/** A figure over so many seconds, once a second. */
function samples(seconds: number, value: (at: number) => number): Sample[] {
  return Array.from({ length: seconds }, (_, at) => ({ at, value: value(at) }));
}

/** Numbers that look like chance, the same each time: from -1 to 1. */
function noise(seed: number): () => number {
  let state = seed;
  return () => (state = (state * 48271) % 2147483647) / 1073741823.5 - 1;
}

Deno.test("a figure that grows steadily has its slope, and is not flat", () => {
  const found = trend(samples(600, (at) => 5 + 2 * at));
  assertAlmostEquals(found.slope, 2, 1e-9);
  assertAlmostEquals(found.high - found.low, 0, 1e-6);
  assert(!isFlat(found, 1));
});

Deno.test("what grows in the first quarter alone is flat", () => {
  const found = trend(samples(1000, (at) => Math.min(at, 250)));
  assertAlmostEquals(found.slope, 0, 1e-9);
  assert(isFlat(found, 0));
});

Deno.test("a figure that does not change at all is flat", () => {
  assert(isFlat(trend(samples(100, () => 3)), 0));
});

Deno.test("the interval has the true slope in 95 of 100 runs, though neighbouring samples are alike", () => {
  let hits = 0;
  for (let run = 1; run <= 200; run++) {
    const next = noise(run * 7919);
    let drift = 0;
    const { low, high } = trend(samples(1800, (at) => {
      drift = 0.9 * drift + next();
      return drift + 0.01 * at;
    }));
    if (low <= 0.01 && high >= 0.01) hits++;
  }
  assert(hits >= 180 && hits < 200, `${hits} of 200`);
});

Deno.test("memory that is collected now and then is flat, and a small leak under it is found", () => {
  const sawtooth = (at: number) => 100 + at % 37;
  assert(isFlat(trend(samples(1800, sawtooth)), 0.001));
  assert(!isFlat(trend(samples(1800, (at) => sawtooth(at) + at / 60)), 0.001));
});

Deno.test("growth that is negligible, and a fall, are no leak", () => {
  const found = trend(samples(600, (at) => at / 1000));
  assert(isFlat(found, 0.002));
  assert(!isFlat(found, 0.0005));
  assert(isFlat(trend(samples(600, (at) => -at)), 0));
});

Deno.test("too few samples are refused", () => {
  assertThrows(() => trend(samples(12, (at) => at)), RangeError);
});
