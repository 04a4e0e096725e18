// What a terminal sends, as keys.

import fc from "fast-check";
import { type Key, Keys } from "../../../lib/terminal/keys.ts";
import { assertEquals } from "../../assert.ts";

/** Keys in short: text as it is, pastes in brackets, other keys by their names. */
function keysOf(...chunks: string[]): string[] {
  const keys = new Keys();
  return chunks.flatMap((chunk) => keys.decode(chunk)).map(short);
}

function short({ kind, text }: Key): string {
  return kind === "text" ? `"${text}"` : kind === "paste" ? `[${text}]` : text;
}

Deno.test("text, control characters and sequences are keys", () => {
  assertEquals(keysOf("hé"), ['"hé"']);
  assertEquals(keysOf("a\r\x01\t\x7f\x12"), [
    '"a"',
    "enter",
    "ctrl-a",
    "tab",
    "backspace",
    "ctrl-r",
  ]);
  assertEquals(keysOf("\x1b[A\x1b[1;5C\x1b[5~\x1b[6~\x1bOH"), [
    ...["up", "ctrl-right", "pageup", "pagedown", "home"],
  ]);
  assertEquals(keysOf("\x1b1\x1b9\x1bb\x1b\x7f\x1b[1;3D"), [
    ...["alt-1", "alt-9", "alt-b", "alt-backspace", "alt-left"],
  ]);
  assertEquals(keysOf("\x1b[99;9z", "x"), ['"x"']);
});

Deno.test("what is pasted is one thing, whatever is in it", () => {
  assertEquals(keysOf("a\x1b[200~/quit\r\tb\x1b[A\x1b[201~c"), [
    '"a"',
    "[/quit\r\tb\x1b[A]",
    '"c"',
  ]);
});

Deno.test("keys are the same however they are cut, except text, which comes in pieces", () => {
  const stream = "ab\x1b[1;5C\x1b[200~x\ny\x1b[201~\x1b3\x1b[A\r";
  const join = (keys: string[]) => keys.join("").replaceAll('""', "");
  fc.assert(fc.property(fc.array(fc.nat(stream.length)), (cuts) => {
    const at = [0, ...cuts.toSorted((one, other) => one - other), stream.length];
    const chunks = at.slice(1).map((end, i) => stream.slice(at[i], end));
    assertEquals(join(keysOf(...chunks)), join(keysOf(stream)));
  }));
});
