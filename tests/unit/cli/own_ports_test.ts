// Two of our own listeners at one port.

import { parseCommandLine } from "../../../lib/cli/command_line.ts";
import { UsageError } from "../../../lib/errors.ts";
import { assertEquals, assertThrows } from "../../assert.ts";

const parse = (args: string[]) => parseCommandLine(args, { env: () => undefined });

Deno.test("two hosts that are one address are a usage error that names both", () => {
  const rows: [string, string][] = [
    ["::", "127.0.0.1"],
    ["127.0.0.1", "0.0.0.0"],
    ["::1", "0:0:0:0:0:0:0:1"],
    ...["LOCALHOST", "127.1", "0", "0x7f.0.0.1"].map((host): [string, string] => [
      "127.0.0.1",
      host,
    ]),
  ];
  for (const [one, other] of rows) {
    assertEquals(
      assertThrows(() => parse(["-p", "5-7", "-H", `${one},${other}`]), UsageError).message,
      `--host ${one} and --host ${other} are both at port 5 of the same address: leave one of them out`,
    );
  }
});

Deno.test("the same port at other addresses, a port twice, and free ports are fine", () => {
  const rows = [
    ["-p", "7777,7777", "-p", "7777"],
    ["-p", "0,0", "-H", "::,127.0.0.1"],
    ["-H", "127.0.0.1,127.0.0.2", "-p", "1"],
    ["-H", "0.0.0.0,::1"],
  ];
  for (const args of rows) assertEquals(parse(args).kind, "serve");
});
