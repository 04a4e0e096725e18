// Long output: whole lines, in chunks, and quiet when nobody reads on.

import { writeLines } from "../../../../lib/cli/admin/output.ts";
import { assert, assertEquals, assertRejects } from "../../../assert.ts";

Deno.test("all is written though each write takes a part, a chunk at a time", async () => {
  const lines = Array.from({ length: 5000 }, (_, i) => `${i} ${"é".repeat(20)}`);
  const decoder = new TextDecoder();
  const counts: number[] = [];
  let text = "", taken = 0;
  function* source() {
    for (const line of lines) {
      taken++;
      yield line;
    }
  }
  await writeLines(source(), {
    write: (bytes) => {
      // Nothing is taken ahead of what has gone out but for a chunk.
      assert(taken * 20 <= text.length + 2 * 65536);
      const part = bytes.subarray(0, 40_000);
      text += decoder.decode(part, { stream: true });
      return Promise.resolve(part.length);
    },
    report: (count) => counts.push(count),
  });
  assertEquals(text, lines.map((line) => `${line}\n`).join(""));
  assert(counts.length > 1);
  assertEquals(counts.at(-1), lines.length);
});

Deno.test("a reader that has gone ends it, and closes where the lines come from", async () => {
  let isClosed = false;
  function* source() {
    try {
      for (;;) yield "line";
    } finally {
      isClosed = true;
    }
  }
  const gone = () => Promise.reject(new Deno.errors.BrokenPipe("gone"));
  await writeLines(source(), { write: gone, report: () => undefined });
  assert(isClosed);
  const full = () => Promise.reject(new Error("no space"));
  await assertRejects(
    () => writeLines(source(), { write: full, report: () => undefined }),
    Error,
    "no space",
  );
});
