// Out of files: what the log says, however often accepting fails and works.

import { Shortage } from "../../../lib/net/shortage.ts";
import { assert, assertEquals } from "../../assert.ts";
import { Logged } from "../logged.ts";

const STEADY = 20;

const BEGINS = "newcomers wait: Error: out of files", ENDS = "accepting newcomers again";

Deno.test("the log says once that newcomers wait, and once that they come in again", async () => {
  using log = new Logged();
  const shortage = new Shortage(STEADY), { lines } = log;
  for (let episode = 1; episode <= 2; episode++) {
    for (let i = 0; i < 20; i++) shortage.failed(new Error("out of files"));
    const since = performance.now();
    await log.next();
    assert(performance.now() - since > STEADY - 2, "the end was told too early");
    assertEquals(lines.splice(0), [BEGINS, ENDS]);
  }
});

Deno.test("it is over only once accepting has gone well for long enough", async () => {
  using log = new Logged();
  const shortage = new Shortage(STEADY), { lines } = log;
  shortage.failed(new Error("out of files"));
  const since = performance.now();
  setTimeout(() => shortage.failed(new Error("out of files")), STEADY / 2);
  assertEquals(lines, [BEGINS]);
  await log.next();
  assert(performance.now() - since > 1.5 * STEADY - 2, "the end was told too early");
  assertEquals(lines, [BEGINS, ENDS]);
});
