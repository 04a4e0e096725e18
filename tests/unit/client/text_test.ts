// Texts of others: what becomes a link, and whom they call.

import fc from "fast-check";
import { mentions, parse } from "../../../lib/client/state/text.ts";
import { assert, assertEquals, assertLess } from "../../assert.ts";

/** The links in a text, each as it is shown. */
function links(text: string): string[] {
  return parse(text).filter(({ kind }) => kind === "link").map((piece) => piece.text);
}

function calls(text: string, ...names: string[]): string[] {
  return parse(text, names).filter(({ kind }) => kind === "call").map((piece) => piece.text);
}

/** What a text is made of that wants to be more than a text. */
const HOSTILE = fc.array(
  fc.oneof(
    fc.constantFrom("http://", "https://", "HTTP://", "javascript:", "data:text/html,", "//", "@"),
    fc.constantFrom("a.b", "user:pw@", "<script>", '"', "'", "`", ">", "\\", "\u202e", "\u200b"),
    fc.constantFrom("(", ")", "[", "]", "{", "}", ".", ",", " ", "\n", "ann", "%00", "\ud800", "#"),
    fc.string({ unit: "binary", maxLength: 4 }),
  ),
  { maxLength: 30 },
).map((parts) => parts.join(""));

Deno.test("the pieces of any text are the text, and no piece is empty", () => {
  fc.assert(
    fc.property(HOSTILE, fc.constantFrom([], ["ann"], ["ann", "a.b", "@("]), (text, names) => {
      const pieces = parse(text, names);
      assertEquals(pieces.map((piece) => piece.text).join(""), text);
      assert(pieces.every((piece) => piece.text !== ""));
    }),
  );
});

Deno.test("whatever a text says, a link leads to a web site, and to the one that it shows", () => {
  fc.assert(
    fc.property(HOSTILE, (text) => {
      for (const piece of parse(text, ["ann"])) {
        if (piece.kind !== "link") continue;
        const { href } = piece;
        assert(/^https?:\/\//.test(href), href);
        assertEquals(new URL(piece.text).href, href);
        const { username, password } = new URL(href);
        assertEquals(username + password, "");
        assert(!/[\s<>"`\u202e\u200b]/.test(piece.text), piece.text);
      }
    }),
    { numRuns: 500 },
  );
});

Deno.test("a link is http or https, in any case, and begins as a word does", () => {
  assertEquals(links("see http://a.example and HTTPS://B.example/x?y=1#z now"), [
    "http://a.example",
    "HTTPS://B.example/x?y=1#z",
  ]);
  assertEquals(links("(http://a.example)"), ["http://a.example"]);
  assertEquals(parse("HTTP://A.example/B"), [
    { kind: "link", text: "HTTP://A.example/B", href: "http://a.example/B" },
  ]);
  const none = [
    "javascript:alert(1)",
    "javascript://a.example/%0aalert(1)",
    "data:text/html,<b>",
    "ftp://a.example",
    "//a.example",
    "a.example",
    "xhttp://a.example",
    "http://",
    "https://.",
  ];
  for (const text of none) assertEquals(parse(text), [{ kind: "text", text }]);
});

Deno.test("a link with a name or a password in front of its host is none", () => {
  for (const user of ["bank.example", "bank.example:443", ":x"]) {
    assertEquals(links(`http://${user}@evil.example/`), [], user);
  }
  assertEquals(links("http://a.example/@ann"), ["http://a.example/@ann"]);
});

Deno.test("what ends the sentence is not the link's", () => {
  for (
    const end of [".", ",", "!", "?", "...", "”", "’", ":", ";", "*", "_", "~", "…", "?!", ")."]
  ) {
    assertEquals(links(`see https://a.example/x${end} then`), ["https://a.example/x"], end);
    assertEquals(links(`see https://a.example/x${end}`), ["https://a.example/x"], end);
  }
  assertEquals(links("看： https://a.example/x，好"), ["https://a.example/x"]);
  assertEquals(links("https://a.example/x.html?a=b,c"), ["https://a.example/x.html?a=b,c"]);
});

Deno.test("a bracket is the link's where it was opened within the link", () => {
  const rows = [
    ["(https://a.example/x)", "https://a.example/x"],
    ["https://a.example/Bob_(name)", "https://a.example/Bob_(name)"],
    ["(https://a.example/Bob_(name))", "https://a.example/Bob_(name)"],
    ["[https://a.example/x[1]].", "https://a.example/x[1]"],
    ["{https://a.example/x}", "https://a.example/x"],
    ["https://a.example/(x]", "https://a.example/(x"],
    ["<https://a.example/x>", "https://a.example/x"],
    ['"https://a.example/x"', "https://a.example/x"],
  ] as const;
  for (const [text, link] of rows) assertEquals(links(text), [link], text);
});

Deno.test("a text of 4 KiB is read at once, whatever is in it", () => {
  const link = "http://a";
  const texts = [
    link + ")".repeat(4088),
    link + "(".repeat(2044) + ")".repeat(2044),
    link + ")]}.".repeat(1022),
    link + ".".repeat(4087) + "x",
    "http://".repeat(585),
    "http:// ".repeat(512),
    "ann.".repeat(1024),
    "a".repeat(4096),
  ];
  for (const text of texts) {
    parse(text, ["ann"]);
    const runs = Array.from({ length: 3 }, () => {
      const begun = performance.now();
      parse(text, ["ann"]);
      return performance.now() - begun;
    });
    // Far above what a slow machine needs, and far below what going through it once a character takes.
    assertLess(Math.min(...runs), 40, text.slice(0, 20));
  }
});

Deno.test("a name calls whoever bears it, in any case, as a word of its own", () => {
  assertEquals(parse("hi ANN, and bob", ["ann"]), [
    { kind: "text", text: "hi " },
    { kind: "call", text: "ANN" },
    { kind: "text", text: ", and bob" },
  ]);
  for (
    const text of ["ann", "ann: hi", "@ann", "(ann)", "hi ann.", "is it ann?", "«ann»", "ann's"]
  ) {
    assert(mentions(text, ["ann"]), text);
  }
  for (const text of ["anna", "joann", "ann2", "2ann", "ann_", "x.ann", "ann-b", "ann.b", ""]) {
    assert(!mentions(text, ["ann"]), text);
  }
  assertEquals(calls("ann, ann.b and b", "ann", "ann.b"), ["ann", "ann.b"]);
  assert(!mentions("anything", []));
});

Deno.test("the letters and marks of any script are within a word", () => {
  assertEquals(calls("李雷，你好 李雷", "李雷"), ["李雷", "李雷"]);
  assert(mentions("नमस्ते राम!", ["राम"]));
  assert(!mentions("रामि", ["राम"]), "a vowel sign behind it");
  assert(!mentions("किराम", ["राम"]), "a vowel sign in front of it");
  assert(!mentions("joe\u0301ann", ["ann"]), "an accent in front of it");
  assertEquals(calls("ЗОЯ и зоянка", "зоя"), ["ЗОЯ"]);
});

Deno.test("a name in a link calls nobody", () => {
  assert(!mentions("http://a.example/ann", ["ann"]));
  assert(mentions("http://a.example/ann ann", ["ann"]));
});

Deno.test("what a name may not be is looked for as it stands all the same", () => {
  const names = ["\\", "(", "[a", "a|b", ".*", "$", "^", "a{2}", "x\\", "?"];
  for (const name of names) {
    assert(mentions(`so ${name} it is`, [name]), name);
    assert(!mentions("aa xyz a b", [name]), name);
  }
  fc.assert(fc.property(fc.string({ minLength: 1 }), HOSTILE, (name, text) => {
    assert(calls(text, name).every((found) => found.length > 0));
  }));
});
