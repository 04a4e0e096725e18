// What Tab makes of a word.

import { complete, sharedStart } from "../../../lib/terminal/complete.ts";
import { TABLE } from "../../../lib/chat/commands/table.ts";
import { assertEquals } from "../../assert.ts";

Deno.test("the word before the cursor is completed", () => {
  const known = ["alice", "Alfons", "bob", "Ünal"];
  const rows: [string, string, string[]][] = [
    ["/whoi", "/whoi", ["/whois "]],
    ["/WHOI", "/WHOI", ["/whois "]],
    ["/who", "/who", ["/who ", "/whois "]],
    ["b", "b", ["bob: "]],
    ["hello B", "B", ["bob "]],
    ["/msg bo", "bo", ["bob "]],
    ["al", "al", ["Alfons: ", "alice: "]],
    ["@b", "@b", ["@bob: "]],
    ["hi @b", "@b", ["@bob "]],
    ["ü", "ü", ["Ünal: "]],
    ["m", "m", []],
    ["", "", []],
    ["hello ", "", []],
    [" /who", "/who", []],
  ];
  for (const [line, word, choices] of rows) {
    assertEquals(complete(line, known), { word, choices }, line);
  }
  const { choices } = complete("/", known);
  assertEquals(choices.length, TABLE.size);
});

Deno.test("the start that choices share", () => {
  assertEquals(sharedStart(["/who ", "/whois "]), "/who");
  assertEquals(sharedStart(["bob: "]), "bob: ");
  assertEquals(sharedStart(["a", "b"]), "");
  assertEquals(sharedStart([]), "");
});
