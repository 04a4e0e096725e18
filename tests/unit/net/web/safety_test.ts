// Whose page may talk to the server, and by which names it is known.

import { isAllowedOrigin, isKnownHost } from "../../../../lib/net/web/safety.ts";
import { assert } from "../../../assert.ts";

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

Deno.test("a name is this server's if nobody can register it, or if it is given", () => {
  const names = ["chat.example", "box.corp.example:7777", "*.wild.example", "Upper.Example"];
  const known = [
    ...["192.0.2.1", "192.0.2.1:7777", "[2001:db8::1]", "[::1]:7777", "[::ffff:192.0.2.1]"],
    ...["localhost", "LOCALHOST:7777", "box", "box:80", "box."],
    ...["box.local", "a.box.LOCAL:1", "box.lan", "box.home.arpa", "box.internal", "box.local."],
    ...["chat.example", "Chat.Example:8080", "chat.example.", "box.corp.example", "upper.example"],
    ...["a.wild.example", "b.wild.example:1"],
  ];
  for (const host of known) assert(isKnownHost(host, names), host);
  const unknown = [
    ...["evil.example", "evil.example:7777", "a.chat.example", "chat.example.evil.example"],
    ...["wild.example", "a.b.wild.example", "local.example", "xlocal.example", "a.notlocal"],
    ...["127.0.0.1.evil.example", "1.2.3", "evil.example:", "a.localhost", ""],
  ];
  for (const host of unknown) assert(!isKnownHost(host, names), host);
});
