// Wrong guesses make the next one wait: on a clock of the test's own.

import { Guesses } from "../../../lib/auth/guesses.ts";
import { assertEquals } from "../../assert.ts";

const MINUTE = 60_000;

function onClock(): { guesses: Guesses; pass: (ms: number) => void } {
  let time = 0;
  return { guesses: new Guesses(() => time), pass: (ms) => void (time += ms) };
}

Deno.test("a typo or two cost nothing, then waiting doubles up to half a minute", () => {
  const { guesses } = onClock();
  const waits = Array.from({ length: 10 }, () => {
    const ms = guesses.wait("a");
    guesses.miss("a");
    return ms / 1000;
  });
  assertEquals(waits, [0, 0, 0, 1, 2, 4, 8, 16, 30, 30]);
  assertEquals(guesses.wait("b"), 0);
});

Deno.test("a right guess clears what was wrong before", () => {
  const { guesses } = onClock();
  for (let i = 0; i < 5; i++) guesses.miss("a");
  guesses.hit("a");
  assertEquals(guesses.wait("a"), 0);
  for (let i = 0; i < 2; i++) guesses.miss("a");
  assertEquals(guesses.wait("a"), 0);
});

Deno.test("a quarter of an hour after the last miss all is forgotten", () => {
  const { guesses, pass } = onClock();
  for (let i = 0; i < 3; i++) {
    guesses.miss("a");
    pass(10 * MINUTE);
  }
  assertEquals(guesses.wait("a"), 1000);
  pass(5 * MINUTE);
  assertEquals(guesses.wait("a"), 0);
});

Deno.test("of too many, those with the oldest miss are forgotten first", () => {
  const { guesses } = onClock();
  for (const pair of ["old", "again"]) for (let i = 0; i < 3; i++) guesses.miss(pair);
  for (let i = 0; i < 9_998; i++) guesses.miss(`pair ${i}`);
  guesses.miss("again");
  assertEquals([guesses.wait("old"), guesses.wait("again")], [1000, 2000]);
  guesses.miss("one more");
  assertEquals([guesses.wait("old"), guesses.wait("again")], [0, 2000]);
});
