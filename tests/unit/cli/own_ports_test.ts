// Two of our own listeners at one port.

import { parseCommandLine } from "../../../lib/cli/command_line.ts";
import { UsageError } from "../../../lib/cli/errors.ts";
import { assertEquals, assertThrows } from "../../assert.ts";

const TLS = ["--tls-cert", "c.pem", "--tls-key", "k.pem"];

const parse = (args: string[]) => parseCommandLine(args, () => undefined);

Deno.test("the same port for two listeners is a usage error that names both flags", () => {
  const rows: [string[], string][] = [
    [["-p", "7777", "--web-port", "7777"], "--port and --web-port are both at port 7777"],
    [["--web-port", "7777"], "--port and --web-port are both at port 7777"],
    [["-p", "7000-7005", "--web-port", "7004-7009"], "--port and --web-port are both at port 7004"],
    [["-p", "1", "--tls-port", "1", ...TLS], "--port and --tls-port are both at port 1"],
    [
      ["-p", "1", "--tls-port", "2", "--web-port", "3,2", ...TLS],
      "--tls-port and --web-port are both at port 2",
    ],
    [
      ["-H", "127.0.0.1", "-p", "1", "--web-host", "0.0.0.0", "--web-port", "1"],
      "--port and --web-port are both at port 1",
    ],
    [
      ["-H", "::1", "-p", "1", "--web-host", "0:0:0:0:0:0:0:1", "--web-port", "1"],
      "--port and --web-port are both at port 1",
    ],
  ];
  for (const host of ["LOCALHOST", "127.1", "0", "0x7f.0.0.1"]) {
    const args = ["-H", "127.0.0.1", "-p", "1", "--web-host", host, "--web-port", "1"];
    rows.push([args, "--port and --web-port are both at port 1"]);
  }
  for (const [args, sentence] of rows) {
    const { message } = assertThrows(() => parse(args), UsageError);
    assertEquals(message, `${sentence}: give one of them another port`);
  }
  assertEquals(
    assertThrows(() => parse(["-H", "::,127.0.0.1"]), UsageError).message,
    "--host :: and --host 127.0.0.1 are both at port 7777 of the same address: leave one of them out",
  );
});

Deno.test("the same port at other addresses, a port twice, and free ports are fine", () => {
  const rows = [
    ["-p", "0", "--web-port", "0", "--tls-port", "0", ...TLS],
    ["-p", "7777,7777", "-p", "7777"],
    ["-H", "127.0.0.1", "-p", "1", "--web-host", "127.0.0.2", "--web-port", "1"],
    ["-H", "0.0.0.0", "-p", "1", "--web-host", "::1", "--web-port", "1"],
    ["-H", "0.0.0.0,::1"],
  ];
  for (const args of rows) assertEquals(parse(args).kind, "serve");
});
