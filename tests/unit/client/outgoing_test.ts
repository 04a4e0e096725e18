// What is asked for until it was handled, and how long a lost link is left alone.

import fc from "fast-check";
import { Outgoing } from "../../../lib/client/link/outgoing.ts";
import { assert, assertEquals } from "../../assert.ts";

const ASKED = { type: "members", room: "tea" } as const;
const NONE = { lastId: 0, waiting: [] };

function request(how: { isTyped?: boolean; isSecret?: boolean } = {}) {
  return { asked: ASKED, isTyped: false, isSecret: false, ...how };
}

Deno.test("what waits is what was added less what was handled, in order, under numbers that grow", () => {
  const step = fc.oneof(fc.constant("add" as const), fc.constant("clear" as const), fc.nat(20));
  fc.assert(fc.property(fc.array(step), fc.nat(5), (steps, lastId) => {
    const outgoing = new Outgoing({ lastId, waiting: [] });
    let waiting: number[] = [], next = lastId;
    for (const what of steps) {
      if (what === "add") waiting.push(outgoing.add(request()).id), next++;
      else if (what === "clear") outgoing.clear(), waiting = [];
      else {
        assertEquals(outgoing.done(what)?.id, waiting.includes(what) ? what : undefined);
        waiting = waiting.filter((id) => id !== what);
      }
      assertEquals(outgoing.waiting.map(({ id }) => id), waiting);
    }
    assert(waiting.every((id, at) => id > (waiting[at - 1] ?? lastId)));
    assertEquals(outgoing.kept.lastId, next);
  }));
});

Deno.test("what was typed outlives the page, unless it is a secret; the rest is asked anew", () => {
  const outgoing = new Outgoing(NONE);
  outgoing.add(request());
  outgoing.add(request({ isTyped: true }));
  outgoing.add(request({ isTyped: true, isSecret: true }));
  outgoing.add(request({ isSecret: true }));
  assertEquals(outgoing.kept, { lastId: 4, waiting: [{ ...request({ isTyped: true }), id: 2 }] });
  assertEquals(outgoing.clear().map(({ id }) => id), [2, 3]);
  assertEquals([outgoing.waiting, outgoing.kept], [[], { lastId: 4, waiting: [] }]);
});

Deno.test("the next page goes on with the numbers and with what waited", () => {
  const outgoing = new Outgoing(NONE);
  for (let count = 0; count < 3; count++) outgoing.add(request({ isTyped: true }));
  const kept = JSON.parse(JSON.stringify(outgoing.kept));
  const next = new Outgoing(kept);
  next.add(request());
  assertEquals(next.waiting.map(({ id }) => id), [1, 2, 3, 4]);
  assertEquals(kept.waiting.length, 3);
});

Deno.test("no more waits than can be sent at once", () => {
  const outgoing = new Outgoing(NONE);
  let count = 0;
  for (; !outgoing.isFull && count < 10_000; count++) outgoing.add(request());
  assertEquals(count, 500);
  outgoing.done(1);
  assert(!outgoing.isFull);
});
