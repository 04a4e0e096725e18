// The log: what is not shown is not evaluated.

import { closeLog, log, openLog } from "../../lib/log.ts";
import { assertEquals } from "../assert.ts";

Deno.test("a record below the level costs no look at what it would tell", async () => {
  let evaluated = 0;
  const tell = () => {
    evaluated++;
    return { what: "words" };
  };
  openLog({ level: "error", format: "text", onLost: () => undefined });
  log.debug("got {what}", tell);
  log.info("got {what}", tell);
  await closeLog();
  assertEquals(evaluated, 0);
});
