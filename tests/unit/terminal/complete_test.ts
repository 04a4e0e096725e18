// What Tab makes of a word.

import { complete, People, sharedStart } from "../../../lib/terminal/complete.ts";
import { TABLE } from "../../../lib/chat/commands/table.ts";
import { parseHeard } from "../../../lib/wire/heard.ts";
import { assertEquals } from "../../assert.ts";

function people(...lines: string[]): People {
  const people = new People();
  for (const line of lines) people.heard(parseHeard(line));
  return people;
}

const all = (people: People) => people.like("");

Deno.test("names are known from whatever tells them", () => {
  const rows: [string, string[]][] = [
    ["alice(03:04:05PM): hi", ["alice"]],
    ["* alice(03:04:05PM) waves", ["alice"]],
    ["alice(03:04:05PM) to bob: hi", ["alice", "bob"]],
    ["*** bob joined (3 here)", ["bob"]],
    ["*** ann, bob and 3 more joined (70 here)", ["ann", "bob"]],
    ["*** guest1 is now bob", ["bob"]],
    ["*** Welcome to bobchat, guest1. Here: alice, bob (away) and 3 more.", ["alice", "bob"]],
    ["*** You are in #tea. Here: bob.", ["bob"]],
    ["*** You are in #tea. You are the first here.", []],
    ["*** Here (2): alice, bob", ["alice", "bob"]],
    ["*** In #v1.2 (2): alice, b.c", ["alice", "b.c"]],
    ["*** In #tea (0): nobody", []],
    ["what nobody(said", []],
  ];
  for (const [line, expected] of rows) assertEquals(all(people(line)), expected, line);
});

Deno.test("whoever left or took another name is not proposed", () => {
  const here = "*** Here (3): ann, bob, carol";
  assertEquals(all(people(here, "*** bob left: see you (2 here)")), ["ann", "carol"]);
  assertEquals(all(people(here, "*** ann, bob left (1 here)")), ["carol"]);
  assertEquals(all(people(here, "*** bob is now Robert")), ["Robert", "ann", "carol"]);
});

Deno.test("at most 500 names are remembered, the latest", () => {
  const lines = Array.from({ length: 600 }, (_, i) => `n${i}(03:04:05PM): hi`);
  const names = all(people(...lines, "n100(03:04:05PM): hi"));
  assertEquals([names.length, names.includes("n99"), names.includes("n100")], [500, false, true]);
});

Deno.test("the word before the cursor is completed", () => {
  const known = people("*** Here (5): alice, Alfons, bob, Ünal, me");
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
    assertEquals(complete(line, { people: known, self: "me" }), { word, choices }, line);
  }
  const { choices } = complete("/", { people: known, self: "me" });
  assertEquals(choices.length, TABLE.size);
});

Deno.test("the start that choices share", () => {
  assertEquals(sharedStart(["/who ", "/whois "]), "/who");
  assertEquals(sharedStart(["bob: "]), "bob: ");
  assertEquals(sharedStart(["a", "b"]), "");
  assertEquals(sharedStart([]), "");
});
