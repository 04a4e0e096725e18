// The word behind `bobchat connect`: where a server is.

import { type Address, nameOf, parseAddress } from "../../../lib/terminal/address.ts";
import { UsageError } from "../../../lib/errors.ts";
import { assertEquals, assertThrows } from "../../assert.ts";

Deno.test("a host with or without a port, and nothing at all", () => {
  const rows: [string | undefined, Address][] = [
    [undefined, { host: "127.0.0.1", port: 7777 }],
    ["chat.example.org", { host: "chat.example.org", port: 7777 }],
    ["chat.example.org:1", { host: "chat.example.org", port: 1 }],
    ["10.1.2.3:65535", { host: "10.1.2.3", port: 65535 }],
    ["[::1]:7000", { host: "::1", port: 7000 }],
    ["[::1]", { host: "::1", port: 7777 }],
    ["fe80::1%br-lan", { host: "fe80::1%br-lan", port: 7777 }],
    ["[fe80::1%br-lan]:1", { host: "fe80::1%br-lan", port: 1 }],
    ["fe80::1%eth0", { host: "fe80::1%eth0", port: 7777 }],
  ];
  for (const [text, expected] of rows) assertEquals(parseAddress(text), expected);
  assertEquals(parseAddress("localhost:9").port, 9);
});

Deno.test("what is no address is a sentence that shows one", () => {
  const such = "connect takes HOST[:PORT], such as chat.example.org:7777 or [::1]:7777, not ";
  for (const text of ["", ":7777", "host:", "host:0", "host:65536", "[::1", "a b", "http://host"]) {
    const { message } = assertThrows(() => parseAddress(text), UsageError);
    assertEquals(message, such + JSON.stringify(text));
  }
  const { message } = assertThrows(() => parseAddress("7777"), UsageError);
  assertEquals(message, "connect takes HOST[:PORT]: did you mean 127.0.0.1:7777?");
});

Deno.test("an address is named as it is typed", () => {
  assertEquals(nameOf({ host: "::1", port: 7777 }), "[::1]:7777");
  assertEquals(nameOf({ host: "example.org", port: 1 }), "example.org:1");
});
