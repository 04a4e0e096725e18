// When the server is ready to be sent people.

import { Readiness } from "../../../lib/cli/readiness.ts";
import { assertEquals } from "../../assert.ts";

Deno.test("a server is ready until it stops or has lost its network", () => {
  let isStopping = false, isCutOff = false;
  const readiness = new Readiness({
    isStopping: () => isStopping,
    isCutOff: () => isCutOff,
    trouble: () => undefined,
    now: () => 0,
  });
  assertEquals(readiness.trouble, undefined);
  isCutOff = true;
  assertEquals(readiness.trouble, "bobchat has lost the others of its network");
  isCutOff = false;
  assertEquals(readiness.trouble, undefined);
  isStopping = true;
  assertEquals(readiness.trouble, "bobchat is stopping");
});

Deno.test("it is not ready once its history has failed for a minute without a break", () => {
  let now = 0, trouble: string | undefined;
  const no = () => false;
  const readiness = new Readiness({
    ...{ isStopping: no, isCutOff: no, trouble: () => trouble, now: () => now },
  });
  const at = (time: number, fails: boolean) => {
    now = time;
    trouble = fails ? "disk full" : undefined;
    readiness.look();
    return readiness.trouble;
  };
  assertEquals(at(1000, true), undefined);
  assertEquals(at(59_000, true), undefined);
  // A break begins the minute anew.
  assertEquals(at(60_000, false), undefined);
  assertEquals(at(62_000, true), undefined);
  assertEquals(at(121_999, true), undefined);
  assertEquals(at(122_000, true), "the history cannot be written (disk full)");
  trouble = undefined;
  assertEquals(readiness.trouble, undefined, "it is ready again at once");
});
