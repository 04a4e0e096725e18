// The back-off that the page and the terminal client share.

import fc from "fast-check";
import { backoff } from "../../../lib/client/backoff.ts";
import { assert, assertEquals } from "../../assert.ts";

Deno.test("waits double from half a second to half a minute, and no two clients' are alike", () => {
  assertEquals([0, 1, 2, 5].map((tries) => backoff(tries, 1)), [500, 1000, 2000, 16_000]);
  fc.assert(
    fc.property(fc.nat(5000), fc.double({ min: 0, max: 1, noNaN: true }), (tries, chance) => {
      const milliseconds = backoff(tries, chance), longest = backoff(tries, 1);
      assert(milliseconds >= 250 && milliseconds <= 30_000, `${milliseconds}`);
      assert(milliseconds >= longest / 2 && milliseconds <= longest);
      assert(backoff(tries + 1, chance) >= milliseconds);
      assert(chance > 0.999 || milliseconds < longest);
    }),
  );
});
