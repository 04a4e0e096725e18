// The time by which bans end and messages grow old.

import { SteadyClock } from "../../../lib/cli/clock.ts";
import { assertEquals } from "../../assert.ts";

const MINUTE = 60_000, DAY = 24 * 60 * MINUTE;

/** A clock, and hands that turn what it looks at. */
function withHands() {
  const at = { wall: 1000 * DAY, monotonic: 5 };
  const clock = new SteadyClock({ wall: () => at.wall, monotonic: () => at.monotonic });
  return {
    clock,
    /** So much time passes, in which the wall clock goes so much further than that. */
    pass(ms: number, { leap = 0 } = {}) {
      at.wall += ms + leap;
      at.monotonic += ms;
    },
    /** How long after the start it is by the clock. */
    since: () => clock.now() - 1000 * DAY,
  };
}

Deno.test("a clock that is 40 days ahead for eight seconds is not believed", () => {
  for (const leap of [40 * DAY, -40 * DAY]) {
    const { pass, since } = withHands();
    pass(MINUTE);
    assertEquals(since(), MINUTE);
    pass(1000, { leap });
    assertEquals(since(), MINUTE + 1000);
    pass(8000);
    assertEquals(since(), MINUTE + 9000);
    pass(1000, { leap: -leap });
    assertEquals(since(), MINUTE + 10_000);
    pass(20 * MINUTE);
    assertEquals(since(), 21 * MINUTE + 10_000);
  }
});

Deno.test("a leap that has held for ten minutes counts, and small steps count at once", () => {
  for (const leap of [DAY, -DAY]) {
    const { clock, pass, since } = withHands();
    pass(11 * MINUTE);
    assertEquals(clock.isSure(), true);
    pass(0, { leap });
    assertEquals([since(), clock.isSure()], [11 * MINUTE, false]);
    pass(9 * MINUTE);
    assertEquals([since(), clock.isSure()], [20 * MINUTE, false]);
    pass(1 * MINUTE, { leap: 3000 });
    assertEquals([since(), clock.isSure()], [21 * MINUTE + leap + 3000, true]);
    pass(1000, { leap: -2000 });
    assertEquals(since(), 21 * MINUTE + leap + 2000);
  }
});

Deno.test("a clock that leaps again and again has not held", () => {
  const { pass, since } = withHands();
  for (let i = 1; i <= 5; i++) {
    pass(9 * MINUTE, { leap: DAY });
    assertEquals(since(), i * 9 * MINUTE);
  }
});

Deno.test("in its first ten minutes a clock is not sure enough to delete by", () => {
  const { clock, pass } = withHands();
  assertEquals(clock.isSure(), false);
  pass(10 * MINUTE - 1);
  assertEquals(clock.isSure(), false);
  pass(1);
  assertEquals(clock.isSure(), true);
});
