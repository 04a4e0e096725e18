// The semaphore lets so many through at once, in the order they came.

import { createSemaphore } from "../../../lib/auth/semaphore.ts";
import { assertEquals, assertRejects } from "../../assert.ts";

Deno.test("two at once, the others in line, and nobody slips in between", async () => {
  const semaphore = createSemaphore(2);
  const begun: number[] = [];
  const jobs = [0, 1, 2, 3].map(() => Promise.withResolvers<void>());
  const enter = (number: number) =>
    semaphore(() => {
      begun.push(number);
      return jobs[number]!.promise;
    });
  const done = [0, 1, 2].map(enter);
  await Promise.resolve();
  assertEquals(begun, [0, 1]);
  jobs[1]!.resolve();
  await done[1];
  done.push(enter(3));
  await Promise.resolve();
  assertEquals(begun, [0, 1, 2]);
  for (const { resolve } of jobs) resolve();
  await Promise.all(done);
  assertEquals(begun, [0, 1, 2, 3]);
});

Deno.test("work that fails gives its place back", async () => {
  const semaphore = createSemaphore(1);
  await assertRejects(() => semaphore(() => Promise.reject(new Error("no"))), Error, "no");
  assertEquals(await semaphore(() => Promise.resolve(1)), 1);
});
