// How lines look, and what stands out in them.

import { coloursFor, isMention, paint } from "../../../lib/terminal/paint.ts";
import { assert, assertEquals } from "../../assert.ts";
import { shown } from "./shown.ts";

const LINES = [
  "alice(03:04:05PM): hi bob",
  "* alice(03:04:05PM) waves at bob",
  "alice(03:04:05PM) to bob: psst, bob",
  "*** bob joined (3 here)",
  "bob",
];

const dark = coloursFor(() => undefined);

/** The parts of a line that are styled, each with its style. */
function styled(line: string, self?: string): [string, string][] {
  const { spans } = paint(shown(line), { colours: dark, self });
  return spans.flatMap(({ text, style }) => style === undefined ? [] : [[text, style]]);
}

Deno.test("a painted line is the line, in parts, and knows where what was said begins", () => {
  for (const line of LINES) {
    for (const colours of [dark, undefined]) {
      const { spans, head } = paint(shown(line), { colours, self: "bob" });
      assertEquals(spans.map(({ text }) => text).join(""), line);
      assertEquals(line.slice(head), shown(line).text);
    }
  }
});

Deno.test("without colours nothing is styled", () => {
  for (const line of LINES) {
    const { spans } = paint(shown(line), { self: "bob" });
    assert(spans.every(({ style }) => style === undefined));
  }
});

Deno.test("a name has one colour everywhere and in any case, a time is dimmed", () => {
  const [[name, colour], [time, dim]] = styled(LINES[0]!) as [[string, string], [string, string]];
  assertEquals([name, time, dim], ["alice", "(03:04:05PM)", "2"]);
  assertEquals(styled("* ALICE(03:04:05PM) waves")[0], ["ALICE", colour]);
  assertEquals(styled("x(03:04:05PM) to alice: hi")[2], ["alice", colour]);
  // Over all runs: this is a value, not a random one.
  assertEquals(colour, "38;5;215");
});

Deno.test("names differ in colour, mostly", () => {
  const names = Array.from({ length: 100 }, (_, i) => `name${i}`);
  const colours = new Set(names.map((name) => styled(`${name}(03:04:05PM): x`)[0]![1]));
  assertEquals(colours.size, dark!.length);
});

Deno.test("one's own name stands out as a word, whatever the case", () => {
  const rows: [string, string, string[]][] = [
    ["hi bob", "bob", ["bob"]],
    ["Bob, @BOB: bob.", "bob", ["Bob", "@BOB", "bob"]],
    ["bobby bob-cat x.bob bob_ bob.b @bobs", "bob", []],
    ["is it bob... or bob-", "bob", ["bob", "bob"]],
    ["привет, Боб!", "боб", ["Боб"]],
    ["a.b and axb", "a.b", ["a.b"]],
    ["a-b?", "a-b", ["a-b"]],
  ];
  for (const [text, self, expected] of rows) {
    const mentions = styled(`x(03:04:05PM): ${text}`, self).filter(([, style]) => style === "1;7");
    assertEquals(mentions.map(([text]) => text), expected, text);
    assertEquals(isMention(shown(`x(03:04:05PM): ${text}`), self), expected.length > 0, text);
  }
});

Deno.test("private words are a mention; a notice, and what one says oneself, are none", () => {
  const rows: [string, boolean][] = [
    ["alice(03:04:05PM) to bob: psst", true],
    ["bob(03:04:05PM) to alice: bob here", false],
    ["BOB(03:04:05PM): I am bob", false],
    ["*** bob joined (3 here)", false],
    ["bob", false],
  ];
  for (const [line, expected] of rows) assertEquals(isMention(shown(line), "bob"), expected);
  assert(!isMention(shown("alice(03:04:05PM): hi bob"), undefined));
});

Deno.test("NO_COLOR and TERM=dumb turn colours off, COLORFGBG says what is light", () => {
  const colours = (env: Record<string, string>) => coloursFor((name) => env[name]);
  assertEquals(colours({ NO_COLOR: "1" }), undefined);
  assertEquals(colours({ NO_COLOR: "" }), dark);
  assertEquals(colours({ TERM: "dumb" }), undefined);
  assertEquals(colours({ TERM: "xterm-256color" }), dark);
  for (const text of ["15;0", "7;8", "15;default;0", "nonsense", "15;default"]) {
    assertEquals(colours({ COLORFGBG: text }), dark, text);
  }
  for (const text of ["0;15", "0;7", "0;default;15"]) {
    assert(colours({ COLORFGBG: text }) !== dark, text);
  }
});

Deno.test("in a narrow window a time has no seconds, and what was edited or taken back says so", () => {
  const text = (line: Parameters<typeof paint>[0], isNarrow = false) =>
    paint(line, { isNarrow }).spans.map(({ text }) => text).join("");
  const said = shown("ann(03:04:05PM): hi");
  assertEquals(text(said, true), "ann(03:04): hi");
  assertEquals(text({ ...said, isEdited: true }), "ann(03:04:05PM): hi (edited)");
  assertEquals(
    text({ ...said, text: "", gone: "message taken back" }),
    "ann(03:04:05PM): message taken back",
  );
});
