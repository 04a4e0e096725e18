// What a protocol is: how one connection's bytes become inputs, and deliveries become bytes.

import type { Encoder, Input } from "../chat/event.ts";

/** Bytes that may stand before a text: a command, and a name of 20 characters with three marks on each. */
export const HEAD_BYTES = 352;

/** One connection's protocol; it keeps what it needs between two reads, and no more than a bounded part of it. */
export interface Protocol {
  /** Most bytes that one read may take: while little comes, and once a read has been full. */
  readonly readSize: { readonly idle: number; readonly busy: number };
  /** Whether a member hears from the start, or (v0.1) once it has spoken. */
  readonly hears: boolean;
  /** Whether it is an app's: told of states by state changes, and maybe in several rooms at once. */
  readonly isApp: boolean;
  /** By which an app may come back to its connection. */
  readonly token?: string;
  readonly encoder: Encoder;
  /** Bytes that a text may have; and a line, or message, with all that is in it besides. */
  readonly maxLine: number;
  readonly longest: number;
  /** How many lines, or messages, it has read, whatever has become of them. */
  readonly lines: number;
  /** The inputs that these bytes complete; the array of bytes may be reused afterwards. */
  decode(bytes: Uint8Array): Input[];
  /** The inputs that the end of the stream completes. */
  end(): Input[];
}
