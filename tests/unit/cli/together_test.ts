// Values that do not go together.

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

Deno.test("values that do not go together are named as they were given", () => {
  const env = (name: string) => name === "BOBCHAT_MAX_PENDING" ? "4096" : undefined;
  const read = () => 'web-name = "chat.example"\nno-web = true';
  const rows: [string[], string][] = [
    [
      ["--max-line", "2048"],
      "BOBCHAT_MAX_PENDING must be at least four times --max-line: 8192 bytes or more",
    ],
    [
      ["--config", "chat.toml"],
      "chat.toml line 1: web-name does not go with --no-web: leave one of them out",
    ],
    [
      ["--no-web", "--web-origin", "https://chat.example"],
      "--web-origin does not go with --no-web: leave one of them out",
    ],
  ];
  for (const [args, expected] of rows) {
    const { message } = assertThrows(() => parseCommandLine(args, { env, read }), UsageError);
    assertEquals(message, expected);
  }
});
