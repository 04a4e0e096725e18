// Out of files: what the log says, however often accepting fails and works.

import { configureSync, resetSync } from "@logtape/logtape";
import { Shortage } from "../../../lib/net/shortage.ts";
import { assert, assertEquals } from "../../assert.ts";

const STEADY = 20;

/** A shortage, and the lines of the log. */
function open() {
  const shortage = new Shortage(STEADY), lines: string[] = [];
  let logged = Promise.withResolvers<void>();
  const sink = ({ message }: { message: readonly unknown[] }) => {
    lines.push(message.join(""));
    logged.resolve();
    logged = Promise.withResolvers();
  };
  configureSync({
    sinks: { sink },
    loggers: [
      { category: "bobchat", lowestLevel: "debug", sinks: ["sink"] },
      { category: ["logtape", "meta"], lowestLevel: "warning", sinks: ["sink"] },
    ],
  });
  return {
    ...{ shortage, lines },
    next: () => logged.promise,
    [Symbol.dispose]: () => {
      shortage.close();
      resetSync();
    },
  };
}

const BEGINS = "newcomers wait: Error: out of files", ENDS = "accepting newcomers again";

Deno.test("the log says once that newcomers wait, and once that they come in again", async () => {
  using test = open();
  const { shortage, lines } = test;
  for (let episode = 1; episode <= 2; episode++) {
    for (let i = 0; i < 20; i++) shortage.failed(new Error("out of files"));
    const since = performance.now();
    await test.next();
    assert(performance.now() - since > STEADY - 2, "the end was told too early");
    assertEquals(lines.splice(0), [BEGINS, ENDS]);
  }
});

Deno.test("it is over only once accepting has gone well for long enough", async () => {
  using test = open();
  const { shortage, lines } = test;
  shortage.failed(new Error("out of files"));
  const since = performance.now();
  setTimeout(() => shortage.failed(new Error("out of files")), STEADY / 2);
  assertEquals(lines, [BEGINS]);
  await test.next();
  assert(performance.now() - since > 1.5 * STEADY - 2, "the end was told too early");
  assertEquals(lines, [BEGINS, ENDS]);
});
