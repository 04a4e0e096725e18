// What travels through the chat: events enter through the queue, deliveries leave through the writer.
// Plain data: no sockets, no bytes, no clock.

import type { JobResult } from "./job.ts";
import type { MemberId, Message, RoomTag } from "./message.ts";
import type { RefusalCode } from "./refusals.ts";
import type { StateChange } from "./state_change.ts";

/** An input that a client may number. */
interface Numbered {
  /** The client's own number for what it asks; a refusal repeats it. */
  readonly id?: number;
}

/** Optional fields of an input. */
interface Asked extends Numbered {
  /** The room that it is about, by name; by default the one that the member entered last. */
  readonly room?: string;
  /** The receipt to send the client once the input has been handled, if it asked for one. */
  readonly receipt?: Chunk;
}

/** One input that a protocol read from a connection. */
export type Input =
  | { readonly kind: "text"; readonly text: string } & Asked
  | { readonly kind: "command"; readonly name: string; readonly text: string } & Asked
  /** Asks for earlier messages of a room, or for the member's private ones: see `Range`. */
  | { readonly kind: "recall"; readonly isPrivate: boolean; readonly range: Range } & Asked
  /** Asks who is in a room, and for its topic. */
  | { readonly kind: "look" } & Asked
  /** The server password from an app; on other protocols it is the first line. */
  | { readonly kind: "password"; readonly text: string } & Numbered
  /** An app has lost its state, and asks who and where it is. */
  | { readonly kind: "refresh" }
  /** A line of more than `limit` bytes, which was discarded. */
  | { readonly kind: "oversize"; readonly limit: number } & Numbered
  /** The first bytes belong to another protocol: no person is there to read the chat. */
  | { readonly kind: "stranger"; readonly speaks: "HTTP" | "TLS" | "JSON" | "PROXY" }
  /** The protocol owes its client an answer (to a telnet option, say). */
  | { readonly kind: "reply"; readonly chunk: Chunk };

/** The client's own number for an input, if it gave one. */
export function idOf(input: Input): number | undefined {
  return "id" in input ? input.id : undefined;
}

/**
 * Earlier messages: the `count` nearest before or after the message with a number; without a number, the
 * last `count`.
 */
export interface Range {
  readonly before?: number;
  readonly after?: number;
  readonly count: number;
}

/** A connection opened. `hears: false` is v0.1's way: it is sent nothing until it has spoken. */
export interface Join {
  readonly kind: "join";
  readonly id: MemberId;
  readonly hears: boolean;
  /** Whether it is an app, which is sent state changes and may be in several rooms at once. */
  readonly isApp: boolean;
  /** The token by which an app may come back to this connection. */
  readonly token?: string;
  /** Its IP address; and whether nobody on the way can read its traffic (TLS, or the same machine). */
  readonly address: string;
  readonly isPrivate: boolean;
  readonly encoder: Encoder;
  readonly outbox: Outbox;
}

/** A connection ended: `why` is for the log, `said` for the other members (undefined: it just left). */
export interface Leave {
  readonly kind: "leave";
  readonly id: MemberId;
  readonly why: string;
  readonly said?: string;
}

/** A connection's app continues from another IP address. */
export interface Moved {
  readonly kind: "moved";
  readonly id: MemberId;
  readonly address: string;
}

/** One input of a member. */
export interface Typed {
  readonly kind: "typed";
  readonly id: MemberId;
  readonly input: Input;
  /** Whether the reader waits for the answer before it passes on the next input. */
  readonly isAwaited?: true;
}

/** Some time has passed: periodic work is due. */
export interface Tick {
  readonly kind: "tick";
}

/** The result of a job: see job.ts. */
export interface JobDone {
  readonly kind: "job done";
  readonly id: MemberId;
  readonly result: JobResult;
}

/** What the queue carries. */
export type Event = Join | Leave | Moved | Typed | Tick | JobDone;

/** A line from the server itself. */
export interface Notice {
  readonly kind: "notice";
  readonly text: string;
  /** Epoch milliseconds; the last line before a connection ends has none. */
  readonly at?: number;
  /** The room that it is about. */
  readonly room?: RoomTag;
  /** The member whose words it repeats, if any: those who ignore that member are not sent it. */
  readonly by?: MemberId;
  /** Why something was not done, which the text explains: a notice with a code is a refusal. */
  readonly code?: RefusalCode;
  /** The client's own number for the input that this refuses, if it gave one. */
  readonly answers?: number;
}

/** Earlier messages, oldest first. */
export interface HistoryPage {
  readonly kind: "history page";
  readonly messages: readonly Message[];
  /** The room they were sent to; private messages have none. */
  readonly room?: RoomTag;
  /** When the page is sent, in epoch milliseconds. */
  readonly at: number;
  /** The number of the message before or after which there are more. */
  readonly next?: number;
}

/** Messages that a search found, newest first. */
export interface SearchResults {
  readonly kind: "search results";
  readonly messages: readonly Message[];
}

/** What a member may be sent. */
export type Delivery = Message | Notice | HistoryPage | SearchResults | StateChange;

declare const chunk: unique symbol;

/** Encoded deliveries, which lib/chat passes on without looking inside: see lib/wire/chunk.ts. */
export interface Chunk {
  readonly [chunk]: true;
}

/** Encodes deliveries to bytes, once for all members who share it. */
export interface Encoder {
  /** The bytes; undefined if there is nothing to send. */
  encode(deliveries: readonly Delivery[]): Chunk | undefined;
  /** Encoded bytes as text for the log, without secrets. */
  describe(chunk: Chunk): string;
}

/** Where a member's deliveries go. */
export interface Outbox {
  /** Takes a chunk: must not block, reorder or throw. `isAnswer` says that its own member asked for it. */
  write(chunk: Chunk, isAnswer?: boolean): void;
  /** Writes an app's welcome, as an answer; the app counts its frames from here. */
  welcome(chunk: Chunk): void;
  /** Says that everything caused by one awaited input has been written. */
  answered(): void;
  /** Sends what waits, then ends the connection; `why` is for the log. */
  end(why: string): void;
  /** Says which name the member has now, for the log. */
  named(name: string): void;
}
