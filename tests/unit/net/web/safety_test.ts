// Whose page may talk to the server, and where a connection comes from.

import { Networks } from "../../../../lib/chat/address.ts";
import { isAllowedOrigin, originalAddress } from "../../../../lib/net/web/safety.ts";
import { assert, assertEquals } from "../../../assert.ts";

Deno.test("a page of this server's may, and those that are named, and what is no browser", () => {
  const host = "chat.example:8080", allowed = ["https://other.example"], isSecure = false;
  for (const origin of [undefined, "http://chat.example:8080", "https://other.example"]) {
    assert(isAllowedOrigin(origin, { host, isSecure, allowed }), origin);
  }
  assert(isAllowedOrigin("http://chat.example", { host: "Chat.Example", isSecure, allowed }));
  const refused = [
    "http://chat.example",
    "http://evil.example",
    "https://chat.example:8080",
    "https://chat.example:8080.evil.example",
    "null",
    "",
    "chat.example:8080",
  ];
  for (const origin of refused) {
    assert(!isAllowedOrigin(origin, { host, isSecure, allowed }), origin);
  }
  assert(
    isAllowedOrigin("https://chat.example", { host: "chat.example", isSecure: true, allowed }),
  );
  assert(!isAllowedOrigin("http://a", { host: undefined, isSecure, allowed }));
});

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
