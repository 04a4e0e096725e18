// What is left to the page that comes next: what was typed, but no password.

import { browserSecret, leaveDrafts, takeDrafts } from "../../../lib/page/remembered.ts";
import { assert, assertEquals } from "../../assert.ts";

const TEA = { kind: "room", name: "tea", text: "a cup" } as const;
const BOB = { kind: "person", name: "bob", text: "psst" } as const;

Deno.test("what was typed is taken once, by the page that comes next", () => {
  leaveDrafts([TEA, BOB]);
  assertEquals(takeDrafts(), [TEA, BOB]);
  assertEquals(takeDrafts(), []);
});

Deno.test("what has a password in it is left to nobody", () => {
  const texts = ["/register hush", "/identify hush", "/nick ann hush", "one\n /register hush"];
  leaveDrafts([TEA, ...texts.map((text) => ({ ...BOB, text }))]);
  assertEquals(takeDrafts(), [TEA]);
});

Deno.test("a store that is full keeps nothing, and stops nothing", () => {
  leaveDrafts([{ ...TEA, text: "x".repeat(20_000_000) }]);
  assertEquals(takeDrafts(), []);
});

Deno.test("all tabs have one secret, which nobody guesses", () => {
  localStorage.removeItem("bobchat browser");
  const secret = browserSecret()!;
  assertEquals(secret.length, 48);
  assertEquals(browserSecret(), secret);
  localStorage.removeItem("bobchat browser");
  assert(browserSecret() !== secret);
});
