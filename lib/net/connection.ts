// A connection that reads and writes bytes, whatever carries them: TCP, TLS, or the links of an app.

/** How many bytes come before an app's welcome, and how many up to its end. */
export interface WelcomePlace {
  readonly start: number;
  readonly end: number;
}

/** A connection to one peer. */
export interface Connection {
  /** `ADDRESS:PORT`, for the log. */
  readonly remote: string;
  /** The address alone, for limits. */
  readonly address: string;
  /** Sets what to call, with the address before, when its app continues from another one. */
  onMoved?(run: (before: string) => void): void;
  /** Sets what to call when its app's link has been lost for a while, and when it is back. */
  onLost?(run: (isLost: boolean) => void): void;
  /** Whether nobody on the way can read it: it is encrypted, or does not leave the machine. */
  readonly isPrivate: boolean;
  /** Whether it is encrypted up to this server, or to a trusted proxy that says so. */
  readonly isSecure: boolean;
  /** Fills the buffer with what has arrived: the count, or null at the end. Rejects once it is closed. */
  read(buffer: Uint8Array): Promise<number | null>;
  /**
   * Says where an app's next welcome will be among all bytes to be written; undefined: there will be none.
   */
  expectWelcome?(place: WelcomePlace | undefined): void;
  /** Sends a part of the chunk: the count. Rejects if the peer is gone or the connection is closed. */
  write(chunk: Uint8Array): Promise<number>;
  /**
   * Says that no more will be written, and whether its peer is evicted. Once reads have ended too, the
   * connection closes.
   */
  endWrites(isEvicted?: boolean): void;
  /** Says that no more will be read. Once writes have ended too, the connection closes. */
  endReads(): void;
  /**
   * Closes at once; idempotent. What an evicted peer has not taken by then is the system's, which may keep
   * megabytes until it gives up: that is counted.
   */
  close(isEvicted?: boolean): void;
  /** Resolves once it is closed. */
  closed(): Promise<void>;
}

/** Where a connection, or a request, comes from. */
export type Origin = Pick<Connection, "remote" | "address" | "isPrivate" | "isSecure">;

const PEER_FAULTS = [
  Deno.errors.BadResource,
  Deno.errors.BrokenPipe,
  Deno.errors.ConnectionAborted,
  Deno.errors.ConnectionReset,
  Deno.errors.Interrupted,
  Deno.errors.NotConnected,
  Deno.errors.TimedOut,
  Deno.errors.UnexpectedEof,
];

/** Whether an error is the peer's or the network's, which ends its connection, and not a bug of ours. */
export function isPeerFault(error: unknown): boolean {
  // Rarer network errors (such as EHOSTUNREACH) come as a plain Error with the system's code.
  return PEER_FAULTS.some((fault) => error instanceof fault) ||
    error instanceof Error && "code" in error && /^E[A-Z]+$/.test(String(error.code));
}
