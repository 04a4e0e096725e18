// Where browsers are, and how long the others are not told of a connection from there that says nothing.

import { Browsers } from "../../../lib/net/browsers.ts";
import { assertEquals } from "../../assert.ts";

const HERE = "192.0.2.1", THERE = "192.0.2.2";
const USUAL = undefined, MAYBE_SPARE = 60_000;

/** Where browsers are, and a clock that the test sets. */
function open() {
  const clock = { now: 0 };
  return { clock, browsers: new Browsers(() => clock.now) };
}

Deno.test("who says nothing may be a browser where HTTP was spoken within a minute", () => {
  const { clock, browsers } = open();
  assertEquals(browsers.announceIn(HERE), USUAL);
  browsers.note(HERE);
  assertEquals(browsers.announceIn(HERE), MAYBE_SPARE);
  assertEquals(browsers.announceIn(THERE), USUAL);
  clock.now = 59_999;
  assertEquals(browsers.announceIn(HERE), MAYBE_SPARE);
  clock.now = 60_000;
  assertEquals(browsers.announceIn(HERE), USUAL);
});

Deno.test("the minute begins anew with every request", () => {
  const { clock, browsers } = open();
  browsers.note(HERE);
  clock.now = 59_000;
  browsers.note(THERE);
  browsers.note(HERE);
  clock.now = 118_000;
  assertEquals(browsers.announceIn(HERE), MAYBE_SPARE);
  // The notes that are over are dropped, and no other.
  browsers.note("192.0.2.3");
  assertEquals(browsers.announceIn(THERE), MAYBE_SPARE);
  clock.now = 119_000;
  assertEquals(browsers.announceIn(HERE), USUAL);
});

Deno.test("only so many addresses are known, the latest", () => {
  const { browsers } = open();
  for (let i = 0; i <= 10_000; i++) browsers.note(`2001:db8::${i}`);
  assertEquals(browsers.announceIn("2001:db8::0"), USUAL);
  assertEquals(browsers.announceIn("2001:db8::1"), MAYBE_SPARE);
  assertEquals(browsers.announceIn("2001:db8::10000"), MAYBE_SPARE);
});
