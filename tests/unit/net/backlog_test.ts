// The backlog: the median reader sets the pace.

import { Backlog } from "../../../lib/net/backlog.ts";
import { assertEquals } from "../../assert.ts";
import { settle } from "./fake_connection.ts";

Deno.test("it is full while more are behind than keep up; who has stalled does not count", () => {
  const backlog = new Backlog();
  for (let i = 0; i < 4; i++) backlog.change(undefined, "keeping up");
  const states = [];
  for (let i = 0; i < 3; i++) {
    backlog.change("keeping up", "behind");
    states.push(backlog.isFull);
  }
  backlog.change("behind", "stalled");
  backlog.change("behind", "stalled");
  states.push(backlog.isFull);
  assertEquals(states, [false, false, true, false]);
});

Deno.test("relief comes to everyone who waits when it is not full any more", async () => {
  const backlog = new Backlog();
  backlog.change(undefined, "behind");
  backlog.change(undefined, "behind");
  let relieved = 0;
  for (let i = 0; i < 2; i++) void backlog.relief().then(() => relieved++);
  backlog.change("behind", "keeping up");
  await settle();
  assertEquals([backlog.isFull, relieved], [false, 2]);
});

Deno.test("relief waits for as long as it is full", async () => {
  const backlog = new Backlog();
  for (let i = 0; i < 3; i++) backlog.change(undefined, "behind");
  let relieved = false;
  void backlog.relief().then(() => relieved = true);
  backlog.change("behind", "keeping up");
  await settle();
  assertEquals(relieved, false);
  backlog.change("behind", undefined);
  await settle();
  assertEquals(relieved, true);
});
