// Where a request comes from: whose word is taken for that.

import { Networks } from "../../../../lib/chat/address.ts";
import { originalAddress, Proxies } from "../../../../lib/net/web/who.ts";
import { assertEquals } from "../../../assert.ts";
import { FakeConnection } from "../fake_connection.ts";

Deno.test("only a trusted proxy's word is taken for where a connection comes from", () => {
  const proxies = new Networks(["10.0.0.0/8", "::1"]);
  const rows: [peer: string, forwarded: string | undefined, from: string][] = [
    ["192.0.2.1", undefined, "192.0.2.1"],
    ["192.0.2.1", "198.51.100.7", "192.0.2.1"],
    ["10.0.0.1", undefined, "10.0.0.1"],
    ["10.0.0.1", "198.51.100.7", "198.51.100.7"],
    ["10.0.0.1", "203.0.113.9, 198.51.100.7", "198.51.100.7"],
    ["10.0.0.1", "203.0.113.9, 10.2.2.2", "203.0.113.9"],
    ["::1", "2001:db8::7", "2001:db8::7"],
    ["10.0.0.1", "::ffff:198.51.100.7", "198.51.100.7"],
    ["10.0.0.1", "::ffff:c633:6407", "198.51.100.7"],
    ["10.0.0.1", "198.51.100.7:555", "198.51.100.7"],
    ["::1", "[2001:db8::7]:555", "2001:db8::7"],
    ["192.0.2.1", "unknown", "192.0.2.1"],
    ["10.0.0.1", "198.51.100.7,", "198.51.100.7"],
    ["10.0.0.1", "10.2.2.2", "10.2.2.2"],
    ["10.0.0.1", "2001:DB8:0::7", "2001:db8::7"],
    ["10.0.0.1", "fe80::7%eth0", "fe80::7"],
    ["10.0.0.1", `${"203.0.113.9,".repeat(2000)}198.51.100.7`, "198.51.100.7"],
    // A trusted proxy that does not know: one client, and not the proxy.
    ["10.0.0.1", "unknown, 10.2.2.2", "unknown"],
    ["10.0.0.1", "203.0.113.9, unknown", "unknown"],
    ["10.0.0.1", "_hidden", "unknown"],
    ["10.0.0.1", "'; drop table", "unknown"],
    ["10.0.0.1", "198.51.100.7:", "unknown"],
    ["10.0.0.1", "", "unknown"],
    ["10.0.0.1", " , ", "unknown"],
  ];
  for (const [peer, forwarded, from] of rows) {
    assertEquals(originalAddress(peer, { forwarded, proxies }), from, `${peer} for ${forwarded}`);
  }
});

Deno.test("a trusted proxy also says whether its client's connection is encrypted", () => {
  const proxies = new Proxies(new Networks(["10.0.0.1"]));
  const senderOf = (address: string, headers: Record<string, string>) => {
    const connection = new FakeConnection(address);
    const { isSecure, isPrivate, remote } = proxies.senderOf(
      connection,
      new Map(Object.entries(headers)),
    );
    return [isSecure, isPrivate, remote];
  };
  const forwarded = { "x-forwarded-for": "198.51.100.7", "x-forwarded-proto": "https" };
  assertEquals(senderOf("10.0.0.1", forwarded), [true, true, "198.51.100.7 by 10.0.0.1:1"]);
  assertEquals(senderOf("10.0.0.2", forwarded), [false, false, "10.0.0.2:1"]);
  const plain = { ...forwarded, "x-forwarded-proto": "http" };
  assertEquals(senderOf("10.0.0.1", plain), [false, false, "198.51.100.7 by 10.0.0.1:1"]);
  assertEquals(senderOf("10.0.0.1", {}), [false, false, "10.0.0.1:1"]);
});

Deno.test("what a proxy on this machine forwards came from elsewhere", () => {
  class Loopback extends FakeConnection {
    override readonly isPrivate = true;
  }
  const proxies = new Proxies(new Networks([]));
  const isPrivate = (headers: [string, string][]) =>
    proxies.senderOf(new Loopback("127.0.0.1"), new Map(headers)).isPrivate;
  assertEquals(isPrivate([]), true);
  assertEquals(isPrivate([["x-forwarded-for", "198.51.100.7"]]), false);
});
