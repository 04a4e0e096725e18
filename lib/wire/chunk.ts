// The one place where bytes become a chunk, which lib/chat cannot look into, and where a chunk is bytes again.

import type { Chunk } from "../chat/event.ts";

/** Bytes as lib/chat hands them on. */
export function toChunk(bytes: Uint8Array): Chunk {
  return bytes as unknown as Chunk;
}

/** The bytes of a chunk; no copy. */
export function toBytes(chunk: Chunk): Uint8Array {
  return chunk as unknown as Uint8Array;
}
