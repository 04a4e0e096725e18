// The line that is typed, as keys change it.

import { Editor, type Pressed } from "../../../lib/terminal/editor.ts";
import { Keys } from "../../../lib/terminal/keys.ts";
import { assertEquals } from "../../assert.ts";

function typing() {
  const editor = new Editor(), keys = new Keys();
  const press = (text: string): Pressed => keys.decode(text).map((key) => editor.press(key)).at(-1);
  const paste = (text: string) => press(`\x1b[200~${text}\x1b[201~`);
  return { editor, press, paste };
}

Deno.test("Backspace takes a character as one sees it", () => {
  const { editor, press } = typing();
  for (const one of ["🇩🇪", "👍🏽", "👨‍👩‍👧", "e\u0301", "你"]) {
    press(`a${one}`);
    press("\x7f");
    assertEquals(editor.line, "a");
    press("\x7f\x7f");
    assertEquals([editor.line, editor.cursor], ["", 0]);
  }
});

Deno.test("the cursor goes by characters and words, and what is cut comes back", () => {
  const { editor, press } = typing();
  press("one two 🇩🇪three\x1b[D\x1bb");
  assertEquals(editor.cursor, 8);
  press("\x1b[C");
  assertEquals(editor.cursor, 12);
  press("\x17");
  assertEquals(editor.line, "one two three");
  press("\x19\x01\x0b");
  assertEquals(editor.line, "");
  press("\x19");
  assertEquals(editor.line, "one two 🇩🇪three");
});

Deno.test("Enter gives the line; Ctrl-C clears it, or leaves as Ctrl-D does", () => {
  const { editor, press } = typing();
  assertEquals(press("hi\r"), { kind: "entered", text: "hi" });
  assertEquals([press("half\x03"), editor.line], [undefined, ""]);
  assertEquals(press("\x03"), { kind: "other", name: "leave" });
  assertEquals(press("\x04"), { kind: "other", name: "leave" });
  assertEquals(press("\x1b2"), { kind: "other", name: "alt-2" });
});

Deno.test("pasted lines wait for Enter, and a tab in them completes nothing", () => {
  const { editor, press, paste } = typing();
  assertEquals(paste("/quit\r\n\tand\x1b more\r\n"), undefined);
  assertEquals(editor.line, "/quit\n and more");
  assertEquals(press("\r"), { kind: "entered", text: "/quit\n and more" });
  paste("/quit\n");
  assertEquals(editor.line, "/quit");
});

Deno.test("Up recalls what was said, and Ctrl-R searches in it", () => {
  const { editor, press } = typing();
  for (const said of ["tea is ready", "coffee", "more tea", "biscuits"]) editor.remember(said);
  press("\x1b[A\x1b[A");
  assertEquals(editor.line, "more tea");
  press("\x15\x12tea");
  assertEquals(editor.input("> ").line, "more tea");
  press("\x12");
  assertEquals(editor.input("> "), { prompt: "(search) tea: ", line: "tea is ready", cursor: 0 });
  // Enter takes it; only the next one sends it.
  assertEquals([press("\r"), editor.line], [undefined, "tea is ready"]);
  press("\x15\x12coffee\x07");
  assertEquals([editor.line, editor.input("> ").prompt], ["", "> "]);
});
