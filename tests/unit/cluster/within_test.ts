// What NATS's library may never settle is given up after a time.

import { within } from "../../../lib/cluster/jetstream.ts";
import { StreamFault } from "../../../lib/cluster/stream.ts";
import { assertEquals, assertRejects } from "../../assert.ts";

Deno.test("what never settles is late, what does is passed on, and a fault is the stream's", async () => {
  const fault = await assertRejects(() => within(1, new Promise(() => {})), StreamFault);
  assertEquals((fault as StreamFault).kind, "late");
  assertEquals(await within(60_000, Promise.resolve("here")), "here");
  await assertRejects(() => within(60_000, Promise.reject(new Error("no"))), StreamFault, "no");
});
