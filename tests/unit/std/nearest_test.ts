// Which word is near to one that was typed.

import { nearest } from "../../../lib/std/nearest.ts";
import { assertEquals } from "../../assert.ts";

const WORDS = ["serve", "connect", "operator", "port", "web-port", "me", "who", "whois"];

Deno.test("a word is near that begins so, or differs by a slip or two", () => {
  const rows: [string, string | undefined][] = [
    ["con", "connect"],
    ["who", "who"],
    ["whoi", "whois"],
    ["sreve", "serve"],
    ["conect", "connect"],
    ["cnonetc", "connect"],
    ["prot", "port"],
    ["ports", "port"],
    ["m", "me"],
    ["", undefined],
    ["em", undefined],
    ["xyzzy", undefined],
    ["poet", "port"],
    ["poem", undefined],
    ["names", undefined],
    ["x".repeat(1000), undefined],
  ];
  for (const [typed, near] of rows) assertEquals(nearest(typed, WORDS), near, typed);
});
