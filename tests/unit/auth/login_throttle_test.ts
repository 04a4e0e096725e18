// Wrong guesses make the next one wait: on a clock of the test's own.

import { LoginThrottle } from "../../../lib/auth/login_throttle.ts";
import { assertEquals } from "../../assert.ts";

const MINUTE = 60_000;

function onClock(): { throttle: LoginThrottle; pass: (ms: number) => void } {
  let time = 0;
  return { throttle: new LoginThrottle(() => time), pass: (ms) => void (time += ms) };
}

Deno.test("a typo or two cost nothing, then waiting doubles up to half a minute", () => {
  const { throttle } = onClock();
  const waits = Array.from({ length: 10 }, () => {
    const ms = throttle.wait("a");
    throttle.miss("a");
    return ms / 1000;
  });
  assertEquals(waits, [0, 0, 0, 1, 2, 4, 8, 16, 30, 30]);
  assertEquals(throttle.wait("b"), 0);
});

Deno.test("a right guess clears what was wrong before", () => {
  const { throttle } = onClock();
  for (let i = 0; i < 5; i++) throttle.miss("a");
  throttle.hit("a");
  assertEquals(throttle.wait("a"), 0);
  for (let i = 0; i < 2; i++) throttle.miss("a");
  assertEquals(throttle.wait("a"), 0);
});

Deno.test("a quarter of an hour after the last miss all is forgotten", () => {
  const { throttle, pass } = onClock();
  for (let i = 0; i < 3; i++) {
    throttle.miss("a");
    pass(10 * MINUTE);
  }
  assertEquals(throttle.wait("a"), 1000);
  pass(5 * MINUTE);
  assertEquals(throttle.wait("a"), 0);
});

Deno.test("of too many, those with the oldest miss are forgotten first", () => {
  const { throttle } = onClock();
  for (const pair of ["old", "again"]) for (let i = 0; i < 3; i++) throttle.miss(pair);
  for (let i = 0; i < 9_998; i++) throttle.miss(`pair ${i}`);
  throttle.miss("again");
  assertEquals([throttle.wait("old"), throttle.wait("again")], [1000, 2000]);
  throttle.miss("one more");
  assertEquals([throttle.wait("old"), throttle.wait("again")], [0, 2000]);
});
