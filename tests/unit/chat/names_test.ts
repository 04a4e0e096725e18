// Names: what may be one, and when two are the same.

import fc from "fast-check";
import { fold, NAME_RULE, Names } from "../../../lib/chat/names.ts";
import { assert, assertEquals, assertStringIncludes } from "../../assert.ts";

/** Those who hold names, each by its guest's number. */
function guests(count: number): { names: Names; current: string[] } {
  const names = new Names();
  return { names, current: Array.from({ length: count }, (_, id) => names.guest(id)) };
}

Deno.test("a name is letters of any script, digits, dots, _ and -", () => {
  const good = ["a", "alice", "Bob_2.0-x", "Ωmega", "李雷", "हिन्दी", "Zoë", "x".repeat(20), "7"];
  for (const name of good) {
    const { names, current } = guests(1);
    assertEquals(names.rename(0, current[0]!, name), { name: name.normalize("NFC") }, name);
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
    "a\u202eb",
    "a/b",
    "😀",
    "a\nb",
  ];
  // A tower of marks; a mark alone; and what only its folded form shows to be too long.
  bad.push("e" + "\u0301".repeat(9), "\u0301", "ﷺﷺ", "㍿".repeat(20));
  // What is not seen: a joiner, a variation selector, fillers.
  bad.push("alice\u034f", "guest1\ufe0f", "\u3164", "\u115f\u1160", "a\u200d");
  for (const name of bad) {
    const { names, current } = guests(1);
    assertEquals(names.rename(0, current[0]!, name), { refused: `A name is ${NAME_RULE}` }, name);
  }
});

Deno.test("names that differ by case or by compatible forms alone are the same", () => {
  for (
    const [a, b] of [["alice", "ALICE"], ["ﬁx", "fix"], ["Ａlice", "alice"], ["straße", "STRASSE"]]
  ) {
    assertEquals(fold(a!), fold(b!));
    const { names, current } = guests(2);
    names.rename(0, current[0]!, a!);
    const outcome = names.rename(1, current[1]!, b!);
    assert("refused" in outcome);
    assertStringIncludes(outcome.refused, "is taken");
  }
});

Deno.test("guest and a number is nobody's to take, in any script", () => {
  for (const name of ["guest1", "GUEST99", "guest٣", "ｇｕｅｓｔ7"]) {
    const { names, current } = guests(1);
    const outcome = names.rename(0, current[0]!, name);
    assert("refused" in outcome, name);
    assertStringIncludes(outcome.refused, "guest names are given");
  }
});

Deno.test("one may change the case of one's own name, and gives the old one back", () => {
  const { names, current } = guests(2);
  assertEquals(names.rename(0, current[0]!, "bob"), { name: "bob" });
  assertEquals(names.rename(0, "bob", "Bob"), { name: "Bob" });
  assertEquals(names.rename(0, "Bob", "carol"), { name: "carol" });
  assertEquals(names.rename(1, current[1]!, "BOB"), { name: "BOB" });
  names.release("BOB");
  assertEquals(names.rename(0, "carol", "bob"), { name: "bob" });
});

Deno.test("whatever people ask for, no two bear names that fold alike", () => {
  const wanted = fc.oneof(
    fc.constantFrom("a", "A", "Ａ", "ß", "SS", "ss", "ſs", "İ", "i̇", "ﬁ", "FI", "K", "K"),
    fc.string({ unit: "grapheme", maxLength: 4 }),
  );
  fc.assert(fc.property(fc.array(fc.tuple(fc.nat(3), wanted), { maxLength: 30 }), (wishes) => {
    const { names, current } = guests(4);
    for (const [id, name] of wishes) {
      const outcome = names.rename(id, current[id]!, name);
      if ("name" in outcome) current[id] = outcome.name;
      assertEquals(new Set(current.map(fold)).size, current.length, current.join(" "));
    }
  }));
});
