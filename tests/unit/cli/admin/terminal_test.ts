// What is typed at a terminal that shows nothing.

import { typed } from "../../../../lib/cli/admin/terminal.ts";
import { assertEquals } from "../../../assert.ts";

Deno.test("characters gather until Enter, and can be taken back", () => {
  assertEquals(typed("te", "a"), { text: "tea", isDone: false });
  assertEquals(typed("te", "a\r"), { text: "tea", isDone: true });
  assertEquals(typed("", "té😀\x7f\b\x7fea\n"), { text: "ea", isDone: true });
  assertEquals(typed("", "\x7f"), { text: "", isDone: false });
  assertEquals(typed("milk", "\x15tea"), { text: "tea", isDone: false });
});

Deno.test("Ctrl-C and Ctrl-D give up, an arrow does nothing", () => {
  for (const key of ["\x03", "\x04"]) assertEquals(typed("te", key), { text: "", isDone: "gone" });
  assertEquals(typed("te", "\x1b[D"), { text: "te", isDone: false });
});
