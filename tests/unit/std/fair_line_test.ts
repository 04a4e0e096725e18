// A line that no network has to itself.

import { FairLine } from "../../../lib/std/fair_line.ts";
import { assertEquals } from "../../assert.ts";

/** Lets everything that is ready to run, run. */
const settle = () => new Promise((resolve) => setImmediate(resolve));

/** A line of work that ends when it is told to. */
function open(options: { runs: number; most: number; mostPerNetwork: number }) {
  const line = new FairLine(options);
  const begun: string[] = [], ends: (() => void)[] = [];
  return {
    line,
    begun,
    add: (network: string, name: string) =>
      line.run(network, () => {
        begun.push(name);
        return new Promise<string>((resolve) => ends.push(() => resolve(name)));
      }),
    /** Ends what was begun first. */
    async end(): Promise<void> {
      await settle();
      ends.shift()?.();
      await settle();
    },
  };
}

Deno.test("whoever has much in line waits for those who have little", async () => {
  const { add, begun, end } = open({ runs: 2, most: 100, mostPerNetwork: 50 });
  const all = Array.from({ length: 5 }, (_, i) => add("a", `a${i}`));
  all.push(add("b", "b0"), add("c", "c0"), add("c", "c1"));
  for (let i = 0; i < 8; i++) await end();
  assertEquals(begun, ["a0", "a1", "b0", "c0", "a2", "c1", "a3", "a4"]);
  assertEquals((await Promise.all(all)).length, 8);
});

Deno.test("what is too much for one network, or for all, is not taken", async () => {
  const { add, begun, end } = open({ runs: 1, most: 4, mostPerNetwork: 3 });
  const taken = ["a", "a", "a"].map((network, i) => add(network, `a${i}`));
  assertEquals(await add("a", "a3"), undefined);
  taken.push(add("b", "b0"));
  assertEquals(await add("c", "c0"), undefined);
  await end();
  taken.push(add("c", "c1"));
  for (let i = 0; i < 5; i++) await end();
  await Promise.all(taken);
  assertEquals(begun, ["a0", "b0", "a1", "c1", "a2"]);
});

Deno.test("work that fails gives its place up", async () => {
  const { line } = open({ runs: 1, most: 1, mostPerNetwork: 1 });
  const failed = line.run("a", () => Promise.reject(new Error("bug")));
  assertEquals(await failed.catch((error: Error) => error.message), "bug");
  assertEquals(await line.run("a", () => Promise.resolve("done")), "done");
});
