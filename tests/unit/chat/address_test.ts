// One form for each address and network, however it was written.

import { isLoopback, networkOf, Networks, parseNetwork } from "../../../lib/chat/address.ts";
import { assert, assertEquals } from "../../assert.ts";

Deno.test("an IPv4 address is its own network, also where it comes on an IPv6 socket", () => {
  for (const address of ["192.0.2.7", "::ffff:192.0.2.7", "::FFFF:c000:207"]) {
    assertEquals(networkOf(address), "192.0.2.7");
  }
});

Deno.test("an IPv6 address belongs to its /64, however it is written", () => {
  const rows: [string, string][] = [
    ["2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"],
    ["2001:DB8:1:2::9", "2001:db8:1:2::/64"],
    ["2001:0db8:0001:0002::", "2001:db8:1:2::/64"],
    ["2001:db8::9", "2001:db8::/64"],
    ["2001:db8::1:2:3:4:5", "2001:db8:0:1::/64"],
    ["fe80::1%eth0", "fe80::/64"],
    ["::1", "::/64"],
    ["64:ff9b::192.0.2.7", "64:ff9b::/64"],
  ];
  for (const [address, network] of rows) assertEquals(networkOf(address), network, address);
});

Deno.test("an address or a range has one form, and what is neither has none", () => {
  const rows: [string, string | undefined][] = [
    ["10.1.2.3", "10.1.2.3"],
    ["10.1.2.3/24", "10.1.2.0/24"],
    ["10.1.2.3/32", "10.1.2.3"],
    ["0.0.0.0/0", "0.0.0.0/0"],
    ["FE80:0:0::1", "fe80::1"],
    ["fe80:0:0:0::/010", "fe80::/10"],
    ["::ffff:1.2.3.4", "1.2.3.4"],
    ["::ffff:10.1.2.3/120", "10.1.2.0/24"],
    ["10.1.2.300", undefined],
    ["10.1", undefined],
    ["010.1.2.3", undefined],
    ["10.1.2.3/33", undefined],
    ["::1/129", undefined],
    ["fe80::1%eth0", undefined],
    ["10.1.2.0/", undefined],
    ["10.1.2.0/24/1", undefined],
    ["alice", undefined],
  ];
  for (const [text, network] of rows) assertEquals(parseNetwork(text), network, text);
});

Deno.test("a list has the addresses of its ranges, of one family alone", () => {
  const networks = new Networks(["10.0.0.0/8", "::1", "2001:db8::/32"]);
  for (const address of ["10.2.3.4", "::ffff:10.2.3.4", "::1", "2001:db8:5::9"]) {
    assert(networks.has(address), address);
  }
  for (const address of ["11.2.3.4", "::2", "2001:db9::1", "alice"]) {
    assert(!networks.has(address), address);
  }
});

Deno.test("all of 127 is this machine, in every way that it is written", () => {
  for (const address of ["127.0.0.1", "127.9.9.9", "::1", "::ffff:127.0.0.1"]) {
    assert(isLoopback(address), address);
  }
  for (const address of ["10.0.0.1", "::", "128.0.0.1"]) assert(!isLoopback(address), address);
});
