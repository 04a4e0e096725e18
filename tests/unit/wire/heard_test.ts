// What a server sent, taken apart again.

import { toBytes } from "../../../lib/wire/chunk.ts";
import fc from "fast-check";
import type { Delivery } from "../../../lib/chat/delivery.ts";
import { isName } from "../../../lib/chat/names.ts";
import { type Heard, parseHeard } from "../../../lib/wire/heard.ts";
import { LINES } from "../../../lib/wire/line.ts";
import { sanitize } from "../../../lib/wire/sanitize.ts";
import { stamp } from "../../../lib/wire/stamp.ts";
import { assertEquals } from "../../assert.ts";
import { said } from "../chat/said.ts";

Deno.test("each kind of line is known by its form", () => {
  const time = "03:04:05PM";
  const rows: [string, Heard][] = [
    ["alice(03:04:05PM): hi there", { kind: "message", from: "alice", time, text: "hi there" }],
    ["alice(03:04:05PM): ", { kind: "message", from: "alice", time, text: "" }],
    ["* алиса(03:04:05PM) waves", { kind: "action", from: "алиса", time, text: "waves" }],
    ["a(03:04:05PM) to b: psst", { kind: "private", from: "a", time, to: "b", text: "psst" }],
    ["*** bob joined (3 here)", { kind: "notice", text: "bob joined (3 here)" }],
    ["140234(03:04:05PM): v0.1", { kind: "message", from: "140234", time, text: "v0.1" }],
  ];
  for (const [line, expected] of rows) assertEquals(parseHeard(line), expected);
});

Deno.test("what has no such form is passed on as it is", () => {
  for (const text of ["", "hello", "***", "alice: hi", "alice(3PM): hi", "a b(03:04:05PM): hi"]) {
    assertEquals(parseHeard(text), { kind: "other", text });
  }
});

const name = fc.string({ unit: fc.constantFrom(..."aZé你7_-."), minLength: 1, maxLength: 20 })
  .filter((name) => isName(name, 20));
const text = fc.oneof(
  fc.string({ unit: "binary" }),
  fc.constantFrom("*** x", "a(03:04:05PM): b", ") to b: c", "* a(03:04:05PM) b"),
).map(sanitize);

Deno.test("taking apart what a server put together gives the parts back", () => {
  const at = fc.integer({ min: 0, max: 4e12 });
  const kind = fc.constantFrom("message" as const, "action" as const, "private" as const);
  fc.assert(
    fc.property(kind, at, name, name, text, (kind, at, from, to, text) => {
      const parts = kind === "private" ? { from, to, text } : { from, text };
      const more = kind === "private" ? { to: { member: 2, name: to } } : {};
      assertEquals<unknown>(back(said({ kind, at, from, text, ...more })), {
        kind,
        time: stamp(at),
        ...parts,
      });
      assertEquals(back({ kind: "notice", text }), { kind: "notice", text });
    }),
    { numRuns: 500 },
  );
});

/** What a client makes of a delivery. */
function back(delivery: Delivery): Heard {
  return parseHeard(new TextDecoder().decode(toBytes(LINES.encode([delivery])!)).slice(0, -2));
}
