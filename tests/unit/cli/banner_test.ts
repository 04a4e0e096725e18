// What a host reads out to the others.

import { type Address, banner } from "../../../lib/cli/banner.ts";
import { assertEquals } from "../../assert.ts";

const MACHINE = [
  { address: "127.0.0.1", family: "IPv4" },
  { address: "::1", family: "IPv6" },
  { address: "192.168.1.5", family: "IPv4" },
  { address: "fe80::1", family: "IPv6" },
  { address: "10.0.0.7", family: "IPv4" },
  { address: "172.17.0.1", family: "IPv4" },
] as const;

/** No listeners but these. */
function lines(...lines: Address[]) {
  return { lines, tls: [], web: [], isWebSecure: false };
}

Deno.test("bound to all: the machine's own addresses, two at most, and this machine", () => {
  for (const [hostname, shown] of [["::", "[::]"], ["0.0.0.0", "0.0.0.0"]]) {
    assertEquals(banner("1.0", lines({ hostname: hostname!, port: 7777 }), MACHINE), [
      `bobchat 1.0 listening on ${shown}:7777`,
      "  others join with   nc 192.168.1.5 7777   (or telnet)",
      "  others join with   nc 10.0.0.7 7777   (or telnet)",
      "  on this machine    nc 127.0.0.1 7777",
    ]);
  }
});

Deno.test("bound to loopback: this machine only", () => {
  assertEquals(banner("1.0", lines({ hostname: "::1", port: 7 }), MACHINE), [
    "bobchat 1.0 listening on [::1]:7",
    "  on this machine only: nc ::1 7",
  ]);
});

Deno.test("bound to one address: that one; a line for each listener", () => {
  const listeners = [7, 8].map((port) => ({ hostname: "10.0.0.7", port }));
  assertEquals(banner("1.0", lines(...listeners), MACHINE), [
    "bobchat 1.0 listening on 10.0.0.7:7",
    "bobchat 1.0 listening on 10.0.0.7:8",
    "  others join with   nc 10.0.0.7 7   (or telnet)",
  ]);
});

Deno.test("every door is told: TLS, and what to open in a browser", () => {
  const at = (port: number) => [{ hostname: "0.0.0.0", port }];
  assertEquals(
    banner(
      "1.0",
      { lines: at(7), tls: at(8), web: at(9), isWebSecure: false },
      MACHINE.slice(0, 3),
    ),
    [
      "bobchat 1.0 listening on 0.0.0.0:7",
      "bobchat 1.0 listening for TLS on 0.0.0.0:8",
      "bobchat 1.0 listening for browsers on 0.0.0.0:9",
      "  others join with   nc 192.168.1.5 7   (or telnet)",
      "  on this machine    nc 127.0.0.1 7",
      "  others join with   ncat --ssl 192.168.1.5 8",
      "  on this machine    ncat --ssl 127.0.0.1 8",
      "  others join with   http://192.168.1.5:9   (a browser)",
      "  on this machine    http://127.0.0.1:9",
    ],
  );
  const web = [{ hostname: "::1", port: 9 }];
  assertEquals(
    banner("1.0", { ...lines({ hostname: "::1", port: 7 }), web, isWebSecure: true }, MACHINE)
      .at(-1),
    "  on this machine only: https://[::1]:9",
  );
});
