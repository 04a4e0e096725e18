// Whose fault an error is, and how addresses are written.

import { isPeerFault } from "../../../lib/net/connection.ts";
import { formatAddress } from "../../../lib/chat/address.ts";
import { assertEquals } from "../../assert.ts";

Deno.test("what the network does is a peer's fault, a bug is not", () => {
  const unreachable = Object.assign(new Error("no route"), { code: "EHOSTUNREACH" });
  const faults = [
    new Deno.errors.ConnectionReset("x"),
    new Deno.errors.BrokenPipe("x"),
    new Deno.errors.BadResource("closed from here"),
    unreachable,
  ];
  assertEquals(faults.map(isPeerFault), [true, true, true, true]);
  const bugs = [new TypeError("x"), new Error("x"), "x", undefined];
  assertEquals(bugs.map(isPeerFault), [false, false, false, false]);
});

Deno.test("an address and its port; IPv6 in brackets", () => {
  assertEquals(formatAddress("192.0.2.1", 7777), "192.0.2.1:7777");
  assertEquals(formatAddress("::1", 7777), "[::1]:7777");
});
