// What travels through the house: events go in by the queue, deliveries come out by the writer.
// Plain data: no sockets, no bytes, no clock.

/** A connection's own number, from 1, never used twice while the server runs. */
export type MemberId = number;

/** What a protocol read from one connection. */
export type Input =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "command"; readonly name: string; readonly text: string }
  /** A line of more than `limit` bytes: it was discarded. */
  | { readonly kind: "oversize"; readonly limit: number }
  /** The first bytes were another protocol's: no person is there to read a chat. */
  | { readonly kind: "stranger"; readonly speaks: "HTTP" | "TLS" }
  /** Its client is owed an answer of the protocol's own (a telnet option, say). */
  | { readonly kind: "reply"; readonly chunk: Chunk };

/** A connection opened. `hears: false` is v0.1's way: it hears nothing until it has spoken. */
export interface Join {
  readonly kind: "join";
  readonly id: MemberId;
  readonly hears: boolean;
  readonly audience: Audience;
  readonly outbox: Outbox;
}

/** A connection is gone: `why` is for the log, `said` for the others (nothing: a plain goodbye). */
export interface Leave {
  readonly kind: "leave";
  readonly id: MemberId;
  readonly why: string;
  readonly said?: string;
}

/** What one member typed. */
export interface Typed {
  readonly kind: "typed";
  readonly id: MemberId;
  readonly input: Input;
}

/** Some time has passed: what was gathered is due. */
export interface Tick {
  readonly kind: "tick";
}

/** What the queue carries. */
export type Event = Join | Leave | Typed | Tick;

/** Somebody's words, or deeds (`/me`), stamped with epoch milliseconds. */
export interface Message {
  readonly kind: "message" | "action";
  readonly from: string;
  readonly text: string;
  readonly at: number;
}

/** The server's own line. */
export interface Notice {
  readonly kind: "notice";
  readonly text: string;
}

/** What a member may be sent. */
export type Delivery = Message | Notice;

/** Encoded deliveries: bytes to the edges, opaque here. Empty means nothing to send. */
export type Chunk = Uint8Array;

/** Those who are sent the same bytes: deliveries are encoded once for all members that share it. */
export interface Audience {
  encode(deliveries: readonly Delivery[]): Chunk;
}

/** A member's way out. */
export interface Outbox {
  /** Takes a chunk: does not block, reorder or throw. */
  write(chunk: Chunk): void;
  /** Sends what waits, then closes the connection; `why` is for the log. */
  end(why: string): void;
  /** Says which name the connection now bears, for the log. */
  named(name: string): void;
}
