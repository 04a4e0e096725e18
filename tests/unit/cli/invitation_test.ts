// What a host reads out to the others.

import { invitation } from "../../../lib/cli/invitation.ts";
import { assertEquals } from "../../assert.ts";

const MACHINE = [
  { address: "127.0.0.1", family: "IPv4" },
  { address: "::1", family: "IPv6" },
  { address: "192.168.1.5", family: "IPv4" },
  { address: "fe80::1", family: "IPv6" },
  { address: "10.0.0.7", family: "IPv4" },
  { address: "172.17.0.1", family: "IPv4" },
] as const;

Deno.test("bound to all: the machine's own addresses, two at most, and this machine", () => {
  for (const [hostname, shown] of [["::", "[::]"], ["0.0.0.0", "0.0.0.0"]]) {
    assertEquals(invitation("1.0", [{ hostname: hostname!, port: 7777 }], MACHINE), [
      `bobchat 1.0 listening on ${shown}:7777`,
      "  others join with   nc 192.168.1.5 7777   (or telnet)",
      "  others join with   nc 10.0.0.7 7777   (or telnet)",
      "  on this machine    nc 127.0.0.1 7777",
    ]);
  }
});

Deno.test("bound to loopback: this machine only", () => {
  assertEquals(invitation("1.0", [{ hostname: "::1", port: 7 }], MACHINE), [
    "bobchat 1.0 listening on [::1]:7",
    "  on this machine only: nc ::1 7",
  ]);
});

Deno.test("bound to one address: that one; a line for each listener", () => {
  const listeners = [7, 8].map((port) => ({ hostname: "10.0.0.7", port }));
  assertEquals(invitation("1.0", listeners, MACHINE), [
    "bobchat 1.0 listening on 10.0.0.7:7",
    "bobchat 1.0 listening on 10.0.0.7:8",
    "  others join with   nc 10.0.0.7 7   (or telnet)",
  ]);
});
