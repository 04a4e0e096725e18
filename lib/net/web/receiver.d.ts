// The types of the part of `ws` that is used: it exports its parser, for which @types/ws has none.

import type { Buffer } from "node:buffer";

/** Options of a parser, 0 meaning no limit. */
export interface ReceiverOptions {
  readonly isServer: boolean;
  readonly maxPayload: number;
  readonly maxFragments: number;
  readonly maxBufferedChunks: number;
}

/** A parser of WebSocket frames, which is one of Node's writable streams. */
export class Receiver {
  constructor(options: ReceiverOptions);
  /** Why it takes no more; the error has one of the codes that the documentation of `ws` lists. */
  readonly errored: Error | null;
  write(chunk: Buffer): boolean;
  on(event: "message", run: (this: this, data: Buffer, isBinary: boolean) => void): this;
  on(event: "ping" | "pong", run: (this: this, data: Buffer) => void): this;
  on(event: "conclude", run: (this: this, code: number, reason: Buffer) => void): this;
  on(event: "error", run: (this: this, error: Error) => void): this;
}
