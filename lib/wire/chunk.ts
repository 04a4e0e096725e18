// The one place that turns bytes into a chunk, which lib/chat cannot look into, and a chunk into bytes.

import type { Chunk } from "../chat/delivery.ts";

/** Bytes as a chunk. */
export function toChunk(bytes: Uint8Array): Chunk {
  return bytes as unknown as Chunk;
}

/** The bytes of a chunk; no copy. */
export function toBytes(chunk: Chunk): Uint8Array {
  return chunk as unknown as Uint8Array;
}
