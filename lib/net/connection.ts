// What every listener produces: one peer's bytes in and out, whatever carries them.

/** How many bytes are written before an app's welcome, and with it. */
export interface WelcomePlace {
  readonly start: number;
  readonly end: number;
}

/** One peer. */
export interface Connection {
  /** `ADDRESS:PORT`, for the log. */
  readonly remote: string;
  /** The address alone, for limits. */
  readonly address: string;
  /** Calls this, with the address before, whenever its app goes on from another one. */
  onMoved?(run: (before: string) => void): void;
  /** Whether nobody on the way can read along: it is encrypted, or does not leave the machine. */
  readonly isPrivate: boolean;
  /** Fills the buffer with what has arrived: the count, or null at the end. Rejects once it is closed. */
  read(buffer: Uint8Array): Promise<number | null>;
  /**
   * Says where among all bytes to be written an app's next welcome begins and ends; nothing: none comes any
   * more.
   */
  expectWelcome?(place: WelcomePlace | undefined): void;
  /** Sends a part of the chunk: the count. Rejects when the peer is gone or the connection closed. */
  write(chunk: Uint8Array): Promise<number>;
  /**
   * Says that no more will be written (and whether its peer is sent away, rather than let go); once reads
   * have ended too, the connection closes.
   */
  endWrites(isEvicted?: boolean): void;
  /** Says that no more will be read; once writes have ended too, the connection closes. */
  endReads(): void;
  /**
   * Closes at once; idempotent. What an evicted peer has not taken by then is dropped, where there is a way
   * to have the system do so: else it holds megabytes for as long as the peer likes.
   */
  close(isEvicted?: boolean): void;
  /** Resolves once it is closed. */
  closed(): Promise<void>;
}

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

/** Whether the error is the peer's or the network's (its connection ends), not a bug of ours. */
export function isPeerFault(error: unknown): boolean {
  // Rarer faults of the network (EHOSTUNREACH, say) come as a plain Error with the system's code.
  return PEER_FAULTS.some((fault) => error instanceof fault) ||
    error instanceof Error && "code" in error && /^E[A-Z]+$/.test(String(error.code));
}
