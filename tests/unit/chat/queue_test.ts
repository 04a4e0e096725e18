// The shared queue: first in first out, bounded, and drained to the end.

import fc from "fast-check";
import { Queue } from "../../../lib/chat/queue.ts";
import { yieldToEventLoop } from "../../../lib/std/event_loop.ts";
import { assert, assertEquals } from "../../assert.ts";

const one = () => 1;

async function drain<T>(queue: Queue<T>): Promise<T[][]> {
  const batches: T[][] = [];
  for await (const batch of queue) batches.push(batch);
  return batches;
}

/** A promise, and whether it has settled yet. */
function soon<T>(promise: Promise<T>): { readonly promise: Promise<T>; isSettled: boolean } {
  const result = { promise, isSettled: false };
  void promise.then(() => result.isSettled = true);
  return result;
}

/** Lets the event loop turn, more often than what needs no time takes. */
async function turns(): Promise<void> {
  for (let i = 0; i < 10; i++) await new Promise<void>((resolve) => setImmediate(resolve));
}

Deno.test("what waits is handed over as one batch, in order", async () => {
  const queue = new Queue<number>({ capacity: 10, weigh: one, now: () => 0, yieldToEventLoop });
  for (const item of [1, 2, 3]) assertEquals(queue.push(item), undefined);
  queue.close();
  assertEquals(await drain(queue), [[1, 2, 3]]);
});

Deno.test("a push into an idle queue wakes the consumer at once", async () => {
  const queue = new Queue<number>({ capacity: 10, weigh: one, now: () => 0, yieldToEventLoop });
  const batches = queue[Symbol.asyncIterator]();
  const first = batches.next();
  await Promise.resolve();
  queue.push(1);
  assertEquals((await first).value, [1]);
  queue.close();
  assertEquals((await batches.next()).done, true);
});

Deno.test("items that come one by one wait for nothing", async () => {
  let time = 0;
  const queue = new Queue<number>({ capacity: 100, weigh: one, now: () => time, yieldToEventLoop });
  const batches = queue[Symbol.asyncIterator]();
  for (const item of [1, 2, 3]) {
    queue.push(item);
    assertEquals((await batches.next()).value, [item]);
    time += 1000; // however long each took to hand out
  }
});

Deno.test("after a batch of several the next gathers, for half of the time that it took", async () => {
  let time = 0;
  const queue = new Queue<number>({ capacity: 100, weigh: one, now: () => time, yieldToEventLoop });
  const batches = queue[Symbol.asyncIterator]();
  for (const item of [1, 2]) queue.push(item);
  assertEquals((await batches.next()).value, [1, 2]);
  time += 100;
  queue.push(3);
  const third = soon(batches.next());
  await turns();
  assertEquals(third.isSettled, false, "it may gather for 50 ms");
  queue.push(4);
  assertEquals(
    (await third.promise).value,
    [3, 4],
    "as many as the last had: there were none before",
  );
  time += 100;
  queue.push(5);
  const fifth = soon(batches.next());
  time += 49;
  await turns();
  assertEquals(fifth.isSettled, false);
  time += 1;
  await turns();
  assertEquals(fifth.isSettled, true, "the time is over, though no more came");
  assertEquals((await fifth.promise).value, [5]);
  time += 100;
  queue.push(6);
  assertEquals((await batches.next()).value, [6], "after one alone, at once");
});

Deno.test("a full queue makes push wait, for as long as it is full", async () => {
  const queue = new Queue<number>({ capacity: 2, weigh: one, now: () => 0, yieldToEventLoop });
  assertEquals(queue.push(1), undefined);
  assertEquals(queue.push(2), undefined);
  let admitted = 0;
  const waiting = [3, 4, 5].map((item) => queue.push(item)!.then(() => admitted++));
  assertEquals(waiting.length, 3);
  const batches = queue[Symbol.asyncIterator]();
  assertEquals((await batches.next()).value, [1, 2]);
  await Promise.all(waiting.slice(0, 2));
  assertEquals(admitted, 2);
  assertEquals((await batches.next()).value, [3, 4]);
  await waiting[2];
  queue.close();
  assertEquals((await batches.next()).value, [5]);
  assertEquals((await batches.next()).done, true);
});

Deno.test("capacity is counted in the unit of weigh", () => {
  const queue = new Queue<string>({
    capacity: 10,
    weigh: ({ length }) => length,
    now: () => 0,
    yieldToEventLoop,
  });
  assertEquals(queue.push("x".repeat(9)), undefined);
  assertEquals(queue.push("x".repeat(9)), undefined);
  assert(queue.push("x") instanceof Promise);
});

Deno.test("closing keeps what was pushed, those that wait too, and discards what comes later", async () => {
  const queue = new Queue<number>({ capacity: 1, weigh: one, now: () => 0, yieldToEventLoop });
  queue.push(1);
  const waiting = [2, 3].map((item) => queue.push(item));
  queue.close();
  assertEquals(queue.push(4), undefined);
  assertEquals((await drain(queue)).flat(), [1, 2, 3]);
  await Promise.all(waiting);
});

Deno.test("many producers: nothing is lost, and each one's order is kept", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.nat(20), { minLength: 1, maxLength: 8 }),
      fc.integer({ min: 1, max: 5 }),
      async (counts, capacity) => {
        const queue = new Queue<[number, number]>({
          capacity,
          weigh: one,
          now: () => 0,
          yieldToEventLoop,
        });
        const drained = drain(queue);
        await Promise.all(counts.map(async (count, producer) => {
          for (let i = 0; i < count; i++) await queue.push([producer, i]);
        }));
        queue.close();
        const items = (await drained).flat();
        counts.forEach((count, producer) => {
          const own = items.filter(([from]) => from === producer).map(([, i]) => i);
          assertEquals(own, Array.from({ length: count }, (_, i) => i));
        });
      },
    ),
    { numRuns: 50 },
  );
});
