// What the keys do in the composer: Tab completes, Up and Down bring back.

import fc from "fast-check";
import { Completion } from "../../../lib/client/typing/completion.ts";
import { Recall } from "../../../lib/client/typing/recall.ts";
import { assertEquals, assertLess } from "../../assert.ts";

const KNOWN = { names: ["ann", "Anna", "bob", "Zoë"], commands: ["me", "msg", "mute", "join"] };

/** What comes of a text, whose caret is at the `|`, by so many Tabs. */
function complete(marked: string, tabs = 1): string | undefined {
  const completion = new Completion();
  const caret = marked.indexOf("|");
  let typing = { text: marked.replace("|", ""), caret } as
    | { text: string; caret: number }
    | undefined;
  for (let tab = 0; tab < tabs && typing !== undefined; tab++) {
    typing = completion.next(typing, KNOWN);
  }
  return typing && `${typing.text.slice(0, typing.caret)}|${typing.text.slice(typing.caret)}`;
}

Deno.test("Tab completes a name: spoken to at the beginning, spoken of elsewhere", () => {
  assertEquals(complete("b|"), "bob: |");
  assertEquals(complete("@b|"), "@bob: |");
  assertEquals(complete("hi b|"), "hi bob |");
  assertEquals(complete("hi @b|, all"), "hi @bob |, all");
  assertEquals(complete("one\nb|"), "one\nbob |");
});

Deno.test("Tab completes whatever the case, and names as they are the same", () => {
  assertEquals(complete("BO|"), "bob: |");
  assertEquals(complete("zoe\u0308|"), "Zoë: |");
});

Deno.test("Tab completes a command where one can be", () => {
  assertEquals(complete("/ms|"), "/msg |");
  assertEquals(complete("/ms| bob"), "/msg | bob");
  assertEquals(complete("hi /ms|"), undefined);
  assertEquals(complete("/msg b|"), "/msg bob |");
});

Deno.test("there is nothing to complete where nothing is begun, or nothing begins so", () => {
  for (const text of ["|", "/|", "hi |", "@|", "x|", "/x|"]) {
    assertEquals(complete(text), undefined);
  }
});

Deno.test("each further Tab has the next one, and begins anew behind the last", () => {
  const shown = [1, 2, 3, 4].map((tabs) => complete("hi an|.", tabs));
  assertEquals(shown, ["hi ann |.", "hi Anna |.", "hi ann |.", "hi Anna |."]);
});

Deno.test("what was typed or where, since the last Tab, begins a new one", () => {
  const completion = new Completion();
  const first = completion.next({ text: "an b", caret: 2 }, KNOWN);
  assertEquals(first, { text: "ann:  b", caret: 5 });
  assertEquals(completion.next({ text: "ann:  b", caret: 7 }, KNOWN), {
    text: "ann:  bob ",
    caret: 10,
  });
  assertEquals(completion.next({ text: "ann:  bob j", caret: 11 }, KNOWN), undefined);
});

Deno.test("a long text is completed at once", () => {
  const completion = new Completion();
  const text = `${"a".repeat(100_000)} `;
  const begun = performance.now();
  assertEquals(completion.next({ text, caret: text.length }, KNOWN), undefined);
  // Going through it once a character takes seconds.
  assertLess(performance.now() - begun, 500);
});

Deno.test("Up goes back through what was typed, Down comes back to what is being typed", () => {
  const recall = new Recall();
  recall.add("one");
  recall.add("two");
  assertEquals([recall.up("dra"), recall.up("two"), recall.up("one")], ["two", "one", undefined]);
  assertEquals([recall.down(), recall.down(), recall.down()], ["two", "dra", undefined]);
});

Deno.test("there is nothing to go back to before something was typed", () => {
  const recall = new Recall();
  recall.add("");
  assertEquals([recall.up("x"), recall.down()], [undefined, undefined]);
});

Deno.test("what was typed twice is there once, and the next Up begins at the last", () => {
  const recall = new Recall();
  for (const text of ["one", "two", "two"]) recall.add(text);
  assertEquals([recall.up(""), recall.up("two")], ["two", "one"]);
  recall.add("one");
  assertEquals([recall.up(""), recall.up("one"), recall.up("two")], ["one", "two", "one"]);
});

Deno.test("the last hundred are kept, in their order", () => {
  const texts = fc.array(fc.stringMatching(/^[a-c]{1,2}$/), { maxLength: 150 });
  fc.assert(fc.property(texts, (typed) => {
    const recall = new Recall();
    for (const text of typed) recall.add(text);
    const kept = typed.filter((text, at) => text !== typed[at - 1]).slice(-100);
    const back: string[] = [];
    for (let text; (text = recall.up("")) !== undefined;) back.unshift(text);
    assertEquals(back, kept);
  }));
  const recall = new Recall();
  for (let text = 1; text <= 150; text++) recall.add(`${text}`);
  for (let text = 150; text > 50; text--) assertEquals(recall.up(""), `${text}`);
  assertEquals(recall.up(""), undefined);
});
