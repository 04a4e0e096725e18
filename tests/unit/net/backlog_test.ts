// The backlog: whoever is behind and reads well is waited for.

import { Backlog } from "../../../lib/net/backlog.ts";
import { assertEquals } from "../../assert.ts";
import { settle } from "./fake_connection.ts";

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
