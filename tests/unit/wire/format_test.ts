// What people read of what was said before.

import { format } from "../../../lib/wire/format.ts";
import { assertEquals } from "../../assert.ts";
import { said } from "../chat/said.ts";

const NOON = new Date(2024, 0, 2, 12, 3, 4).getTime(), DAY = 86_400_000;
const TEA = { id: 2, name: "tea" };

Deno.test("what was said earlier stands under its day, if that was not today", () => {
  const messages = [
    said({ from: "ann", text: "one", at: NOON - DAY }),
    said({ from: "ann", text: "two", at: NOON - DAY }),
    said({ from: "bob", text: "three", at: NOON }),
  ];
  assertEquals(
    format({ kind: "history page", messages, at: NOON + 1 }),
    "*** On Mon Jan 01 2024:\r\nann(12:03:04PM): one\r\nann(12:03:04PM): two\r\n" +
      "*** On Tue Jan 02 2024:\r\nbob(12:03:04PM): three\r\n",
  );
  assertEquals(
    format({ kind: "history page", messages: messages.slice(2), at: NOON }),
    "bob(12:03:04PM): three\r\n",
  );
});

Deno.test("what was found stands with its place and time", () => {
  const to = { member: 2, name: "bob" };
  const messages = [
    said({ from: "ann", text: "tea?", at: NOON, room: TEA }),
    said({ kind: "action", from: "ann", text: "makes tea", at: NOON, room: TEA }),
    said({ kind: "private", from: "ann", text: "more tea", at: NOON, to }),
  ];
  assertEquals(
    format({ kind: "search results", messages }),
    "*** [#tea, Tue Jan 02 2024 12:03:04] ann: tea?\r\n" +
      "*** [#tea, Tue Jan 02 2024 12:03:04] ann makes tea\r\n" +
      "*** [to bob, Tue Jan 02 2024 12:03:04] ann: more tea\r\n",
  );
  assertEquals(format({ kind: "search results", messages: [] }), "*** Nothing was found.\r\n");
});

Deno.test("a signal is nothing to read", () => {
  assertEquals(format({ kind: "state", what: "joined", room: TEA, name: "ann" }), "");
});
