// Whose an address is.

import { networkOf } from "../../../lib/auth/network.ts";
import { assertEquals } from "../../assert.ts";

Deno.test("an IPv4 address is its own, also where it comes on an IPv6 socket", () => {
  for (const address of ["192.0.2.7", "::ffff:192.0.2.7", "::FFFF:192.0.2.7"]) {
    assertEquals(networkOf(address), "192.0.2.7");
  }
});

Deno.test("an IPv6 address belongs to its /64, however it is written", () => {
  const rows: [string, string][] = [
    ["2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"],
    ["2001:DB8:1:2::9", "2001:db8:1:2::/64"],
    ["2001:0db8:0001:0002::", "2001:db8:1:2::/64"],
    ["2001:db8::9", "2001:db8:0:0::/64"],
    ["2001:db8::1:2:3:4:5", "2001:db8:0:1::/64"],
    ["fe80::1%eth0", "fe80:0:0:0::/64"],
    ["::1", "0:0:0:0::/64"],
    ["64:ff9b::192.0.2.7", "64:ff9b:0:0::/64"],
  ];
  for (const [address, network] of rows) assertEquals(networkOf(address), network, address);
});
