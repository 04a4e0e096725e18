// A chunk: bytes at the edges, opaque between them.

import { toBytes, toChunk } from "../../../lib/wire/chunk.ts";
import { assert } from "../../assert.ts";

Deno.test("a chunk is its bytes, not a copy", () => {
  const bytes = Uint8Array.of(1, 2, 3);
  assert(toBytes(toChunk(bytes)) === bytes);
});

Deno.test("the type checker lets nobody look into a chunk", () => {
  const chunk = toChunk(Uint8Array.of(1));
  // @ts-expect-error: its length is for the edges
  void chunk.length;
  // @ts-expect-error: and so are its bytes
  void chunk[0];
});
