// How an app's frames follow each other in a stream of bytes: as WebSocket frames, or as lines.

/** A framing. */
export interface Framing {
  /** Encodes texts as frames, one after another. */
  encode(texts: readonly string[]): Uint8Array<ArrayBuffer>;
  /** The texts of whole frames. */
  decode(frames: Uint8Array): string[];
  /** Where each of these whole frames ends. */
  ends(frames: Uint8Array): Iterable<number>;
}
