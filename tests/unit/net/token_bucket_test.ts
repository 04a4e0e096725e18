// The token bucket.

import fc from "fast-check";
import { TokenBucket } from "../../../lib/net/token_bucket.ts";
import { assert, assertAlmostEquals, assertEquals } from "../../assert.ts";

Deno.test("a burst is free, what follows waits for its token", () => {
  const bucket = new TokenBucket({ rate: 10, burst: 3 }, 0);
  assertEquals([0, 0, 0].map(() => bucket.take(0)), [0, 0, 0]);
  assertAlmostEquals(bucket.take(0), 100);
  assertAlmostEquals(bucket.take(100), 100);
});

Deno.test("silence earns tokens, but no more than a burst", () => {
  const bucket = new TokenBucket({ rate: 10, burst: 2 }, 0);
  bucket.take(0);
  bucket.take(0);
  assertEquals([60_000, 60_000].map((now) => bucket.take(now)), [0, 0]);
  assertAlmostEquals(bucket.take(60_000), 100);
});

Deno.test("over any time no more than burst + rate × time get through", () => {
  const spec = fc.record({
    rate: fc.integer({ min: 1, max: 100 }),
    burst: fc.integer({ min: 1, max: 50 }),
  });
  fc.assert(fc.property(spec, fc.array(fc.nat(300)), ({ rate, burst }, pauses) => {
    const bucket = new TokenBucket({ rate, burst }, 0);
    let now = 0;
    pauses.forEach((pause, i) => {
      now += pause;
      now += bucket.take(now);
      assert(i + 1 <= burst + rate * now / 1000 + 1e-6);
    });
  }));
});
