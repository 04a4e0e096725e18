// Who waits to get in, and who goes when there is no room.

import fc from "fast-check";
import { type EvictReason, PendingConnections } from "../../../lib/net/pending_connections.ts";
import { assert, assertEquals } from "../../assert.ts";

/** Long enough for no test to see its end. */
const DEADLINE = 60_000;

Deno.test("for a newcomer one of its own network goes, or else of the largest crowd", () => {
  const room = new PendingConnections({ most: 4, mostPerNetwork: 2, deadlineMs: DEADLINE });
  const gone: string[] = [];
  const enter = (address: string, name: string) =>
    room.enter(address, (why) => gone.push(`${name} ${why}`));
  enter("b", "b1");
  enter("a", "a1");
  enter("a", "a2");
  assertEquals(gone, []);
  enter("a", "a3");
  assertEquals(gone, ["a1 crowded"]);
  const leave = enter("c", "c1");
  enter("d", "d1");
  assertEquals(gone.splice(0), ["a1 crowded", "a2 crowded"]);
  leave();
  leave();
  enter("e", "e1");
  assertEquals([gone, room.size], [[], 4]);
  room.clear();
  assertEquals(gone, ["b1 stopping", "a3 stopping", "d1 stopping", "e1 stopping"]);
  assertEquals(room.size, 0);
});

Deno.test("whoever waits alone is not put out by crowds, however many come", () => {
  const room = new PendingConnections({ most: 9, mostPerNetwork: 3, deadlineMs: DEADLINE });
  room.enter("alone", () => assert(false, "it was alone"));
  for (let i = 0; i < 100; i++) room.enter(`crowd${i % 4}`, () => {});
  room.makeRoom("another");
  assertEquals(room.size, 8);
});

Deno.test("who is not in by the deadline goes, and who is in does not", async () => {
  const room = new PendingConnections({ most: 9, mostPerNetwork: 9, deadlineMs: 20 });
  const never = room.enter("a", () => assert(false, "it was in"));
  const why = new Promise<EvictReason>((resolve) => room.enter("a", resolve));
  never();
  assertEquals(await why, "late");
  assertEquals(room.size, 0);
});

Deno.test("whatever comes and goes, the bounds hold, and each is closed at most once", () => {
  const steps = fc.array(fc.record({ address: fc.nat(4), leaves: fc.option(fc.nat(20)) }));
  fc.assert(fc.property(steps, (steps) => {
    const room = new PendingConnections({ most: 5, mostPerNetwork: 2, deadlineMs: DEADLINE });
    const here = new Map<number, { address: string; leave: () => void }>();
    steps.forEach(({ address, leaves }, i) => {
      const leave = room.enter(`${address}`, () => assert(here.delete(i)));
      here.set(i, { address: `${address}`, leave });
      if (leaves !== null && here.has(leaves)) {
        here.get(leaves)!.leave();
        here.delete(leaves);
      }
      assertEquals(room.size, here.size);
      assert(here.size <= 5);
      const addresses = [...here.values()].map(({ address }) => address);
      for (const one of addresses) assert(addresses.filter((each) => each === one).length <= 2);
    });
    room.clear();
    assertEquals(here.size, 0);
  }));
});
