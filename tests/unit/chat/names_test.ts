// Names: what may be one, and when two are the same.

import fc from "fast-check";
import { checkName, fold, lookalikes, NAME_RULE, nameKey, Names } from "../../../lib/chat/names.ts";
import { assertEquals, assertStringIncludes } from "../../assert.ts";
import { people, type Person, run } from "./people.ts";

/** What somebody is told who wants that name in a chat with these names: the name, or why not. */
function wish(names: Names, id: number, wanted: string): string {
  const checked = checkName(wanted);
  if ("refused" in checked) return checked.refused;
  if (names.rival(checked.name, id) !== undefined) return "taken";
  names.give(id, checked.name);
  return checked.name;
}

Deno.test("a name is letters of any script, digits, dots, _ and -", () => {
  const good = ["a", "alice", "Bob_2.0-x", "Ωmega", "李雷", "हिन्दी", "Zoë", "x".repeat(20), "7"];
  for (const name of good) {
    assertEquals(checkName(name), { name: name.normalize("NFC") }, name);
  }
});

Deno.test("what is no name is refused with the rule", () => {
  const bad = [
    "",
    " ",
    "a b",
    "x".repeat(21),
    "***",
    "a:b",
    "a(b",
    "a/b",
    "😀",
    "a\nb",
  ];
  // A tower of marks; a mark alone; and what only its folded form shows to be too long.
  bad.push("e" + "\u0301".repeat(9), "\u0301", "ﷺﷺ", "㍿".repeat(20));
  // Nothing but what is not seen, and what is none without it either.
  bad.push("\u3164", "\u115f\u1160", "a b\u200d", "x".repeat(20_000));
  for (const name of bad) {
    assertEquals(checkName(name), { refused: `A name is ${NAME_RULE}.` }, name);
  }
});

Deno.test("who has something unseen in a name is told what", () => {
  const rows = [
    ["می\u200cخواهم", "U+200C"],
    ["alice\u034f", "U+034F"],
    ["guest1\ufe0f", "U+FE0F"],
    ["a\u200d\u200db\u00ad", "U+200D, U+00AD"],
    ["a\u202eb", "U+202E"],
    ["a\u{e0041}", "U+E0041"],
  ];
  for (const [name, codes] of rows) {
    const refused = `A name is ${NAME_RULE}: leave out ${codes}, which cannot be seen.`;
    assertEquals(checkName(name!), { refused });
  }
});

Deno.test("who has something unseen in any name that a command takes is told so too", async () => {
  const [alice] = people(1) as [Person];
  await run([alice.join()], [
    alice.orders("join", "#te\u200ca"),
    alice.orders("ignore", "b\u200cob"),
    alice.orders("unignore", "b\u200cob"),
    alice.orders("msg", "b\u200cob hi"),
    alice.orders("whois", "b\u200cob"),
    alice.orders("invite", "b\u200cob"),
    alice.orders("who", "te\u200ca"),
  ]);
  for (const line of alice.talk) {
    assertStringIncludes(line, ": leave out U+200C, which cannot be seen.");
  }
  assertEquals(alice.talk.length, 7);
});

Deno.test("names that differ by case or by compatible forms alone are the same", () => {
  for (
    const [a, b] of [["alice", "ALICE"], ["ﬁx", "fix"], ["Ａlice", "alice"], ["straße", "STRASSE"]]
  ) {
    assertEquals(fold(a!), fold(b!));
    const names = new Names();
    assertEquals([wish(names, 1, a!), wish(names, 2, b!)], [a!, "taken"]);
    assertEquals([names.bearer(a!), names.bearer(b!)], [1, 1]);
  }
});

Deno.test("guest and a number is nobody's to take, in any script", () => {
  for (const name of ["guest1", "GUEST99", "guest٣", "ｇｕｅｓｔ7", "guestl", "gue\u0455t1"]) {
    assertStringIncludes(wish(new Names(), 1, name), "Guest names are given", name);
  }
});

Deno.test("what looks like another name is taken with it", () => {
  // Cyrillic a; a capital I for an l, and an l for it; a zero; two letters that look like one.
  const pairs = [["alice", "\u0430lice"], ["alice", "AIice"], ["BIll", "Blll"], ["Bob", "B0b"], [
    "modern",
    "modem",
  ]];
  for (const [a, b] of pairs) {
    for (const [first, second] of [[a!, b!], [b!, a!]] as const) {
      const names = new Names();
      assertEquals([wish(names, 1, first), wish(names, 2, second)], [first, "taken"]);
      names.release(1);
      assertEquals(wish(names, 2, second), second);
    }
  }
  assertEquals(wish(new Names(), 1, "\u0430lice"), "\u0430lice");
});

Deno.test("a name that looks like two is taken, though one of them is one's own", () => {
  const names = new Names();
  assertEquals([wish(names, 1, "l"), wish(names, 3, "i")], ["l", "i"]);
  // In small letters it is the one, as it is written it looks like the other.
  assertEquals(wish(names, 3, "I"), "taken");
});

Deno.test("who looks like somebody is not taken for them", () => {
  const names = new Names();
  wish(names, 1, "AIice");
  assertEquals([names.bearer("AIICE"), names.bearer("alice")], [1, undefined]);
});

Deno.test("guests are found by their names, and each is another", () => {
  const names = new Names();
  assertEquals([1, 10, 11, 7].map((id) => names.guest(id)), [
    "guest1",
    "guest10",
    "guest11",
    "guest7",
  ]);
  assertEquals(["guest1", "GUEST10", "guest11"].map((name) => names.bearer(name)), [1, 10, 11]);
  names.release(10);
  assertEquals(names.bearer("guest10"), undefined);
});

Deno.test("one may change the case of one's own name, and gives the old one back", () => {
  const names = new Names();
  names.guest(1);
  for (const name of ["bob", "Bob", "carol"]) assertEquals(wish(names, 1, name), name);
  assertEquals(wish(names, 2, "BOB"), "BOB");
  names.release(2);
  assertEquals(wish(names, 1, "bob"), "bob");
});

Deno.test("whatever people ask for, no two bear names that fold or look alike", () => {
  const wanted = fc.oneof(
    fc.constantFrom("a", "A", "Ａ", "ß", "SS", "ss", "ſs", "İ", "i̇", "ﬁ", "FI", "K", "\u212a"),
    fc.constantFrom("l", "I", "1", "i", "rn", "m", "O", "0", "o", "\u0430", "\u043e"),
    fc.string({ unit: "grapheme", maxLength: 4 }),
  );
  fc.assert(fc.property(fc.array(fc.tuple(fc.nat(3), wanted), { maxLength: 30 }), (wishes) => {
    const names = new Names();
    const current = [0, 1, 2, 3].map((id) => names.guest(id));
    for (const [id, name] of wishes) {
      if (wish(names, id, name) === name.normalize("NFC")) current[id] = name.normalize("NFC");
      assertEquals(new Set(current.map(nameKey)).size, current.length, current.join(" "));
      const keys = current.flatMap(lookalikes);
      assertEquals(new Set(keys).size, keys.length, current.join(" "));
    }
  }));
});

Deno.test("a capital of another script looks like the small letters of a name, too", () => {
  for (const [name, other] of [["mia", "Мia"], ["MIA", "Мia"], ["tom", "ТОМ"], ["rnia", "Мia"]]) {
    const names = new Names();
    names.give(1, name!);
    assertEquals(wish(names, 2, other!), "taken", other);
  }
});
