// The interface of a protocol: how a connection's bytes become inputs, and deliveries become bytes.

import type { Encoder } from "../chat/delivery.ts";
import type { Input, Speaks } from "../chat/event.ts";

/** Most bytes before a text: a command, and a name of 20 characters with three marks on each. */
export const HEAD_BYTES = 352;

/** One connection's protocol. What it keeps between two reads is bounded. */
export interface Protocol {
  /** Most bytes of one read: while little comes, and once a read was full. */
  readonly readSize: { readonly idle: number; readonly busy: number };
  readonly speaks: Speaks;
  /** The token by which an app may come back to its connection. */
  readonly token?: string;
  /** A hash of the secret that it shares with the other tabs of its browser. */
  readonly browser?: string;
  readonly encoder: Encoder;
  /** Most bytes of a text; and of a line or message with all else that is in it. */
  readonly maxLine: number;
  readonly longest: number;
  /** How many lines or messages it has read, whatever became of them. */
  readonly lines: number;
  /** The inputs that these bytes complete; the array of bytes may be reused afterwards. */
  decode(bytes: Uint8Array): Input[];
  /** The inputs that the end of the stream completes. */
  end(): Input[];
}
