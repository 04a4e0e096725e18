// What travels through the chat: events go in by the queue, deliveries come out by the writer.
// Plain data: no sockets, no bytes, no clock.

import type { JobResult } from "./job.ts";
import type { AccountId } from "./history.ts";
import type { RefusalCode } from "./refusals.ts";
import type { StateChange } from "./state_change.ts";

/** A connection's own number, from 1, never used twice while the server runs. */
export type MemberId = number;

/** What a client may number. */
interface Numbered {
  /** Its own number for what it asks: a refusal names it. */
  readonly id?: number;
}

/** What a client may add to what it asks for. */
interface Asked extends Numbered {
  /** The room that it is about, by name; else the one that its member entered last. */
  readonly room?: string;
  /** What the client is sent once it has been handled: it asked for a receipt. */
  readonly receipt?: Chunk;
}

/** What a protocol read from one connection. */
export type Input =
  | { readonly kind: "text"; readonly text: string } & Asked
  | { readonly kind: "command"; readonly name: string; readonly text: string } & Asked
  /** Earlier messages of a room, or its member's private ones: see `Range`. */
  | { readonly kind: "recall"; readonly isPrivate: boolean; readonly range: Range } & Asked
  /** Who is in a room, and what it is about. */
  | { readonly kind: "look" } & Asked
  /** What an app has for the server password; of others it is what they type first. */
  | { readonly kind: "password"; readonly text: string } & Numbered
  /** An app has forgotten what it was told, and wants to know where it is. */
  | { readonly kind: "refresh" }
  /** A line of more than `limit` bytes: it was discarded. */
  | { readonly kind: "oversize"; readonly limit: number } & Numbered
  /** The first bytes were another protocol's: no person is there to read a chat. */
  | { readonly kind: "stranger"; readonly speaks: "HTTP" | "TLS" }
  /** Its client is owed an answer of the protocol's own (a telnet option, say). */
  | { readonly kind: "reply"; readonly chunk: Chunk };

/** The client's own number for an input, if it gave one. */
export function idOf(input: Input): number | undefined {
  return "id" in input ? input.id : undefined;
}

/**
 * Which of the messages before, or behind, the one with a number: the `count` of them that are next to
 * it. With neither they are the last ones.
 */
export interface Range {
  readonly before?: number;
  readonly after?: number;
  readonly count: number;
}

/** A connection opened. `hears: false` is v0.1's way: it hears nothing until it has spoken. */
export interface Join {
  readonly kind: "join";
  readonly id: MemberId;
  readonly hears: boolean;
  /** An app is told of states by state changes, and may be in several rooms at once; people read lines. */
  readonly isApp: boolean;
  /** By which an app may come back to this connection. */
  readonly token?: string;
  /** Its IP address; and whether nobody on the way can read along (TLS, or the same machine). */
  readonly address: string;
  readonly isPrivate: boolean;
  readonly encoder: Encoder;
  readonly outbox: Outbox;
}

/** A connection is gone: `why` is for the log, `said` for the others (nothing: a plain goodbye). */
export interface Leave {
  readonly kind: "leave";
  readonly id: MemberId;
  readonly why: string;
  readonly said?: string;
}

/** A connection's app goes on from another IP address. */
export interface Moved {
  readonly kind: "moved";
  readonly id: MemberId;
  readonly address: string;
}

/** What one member typed. */
export interface Typed {
  readonly kind: "typed";
  readonly id: MemberId;
  readonly input: Input;
  /** Whether its reader waits for the answer before it passes on what came behind. */
  readonly isAwaited?: true;
}

/** Some time has passed: what was gathered is due. */
export interface Tick {
  readonly kind: "tick";
}

/** What a job has come to: see job.ts. */
export interface JobDone {
  readonly kind: "job done";
  readonly id: MemberId;
  readonly result: JobResult;
}

/** What the queue carries. */
export type Event = Join | Leave | Moved | Typed | Tick | JobDone;

/** Who said it: the connection's number while the server runs, and the account if it was identified. */
export interface Author {
  readonly member: MemberId;
  readonly account?: AccountId;
}

/** Somebody's words, or actions (`/me`), to a room; or words to one person. One more field: see lib/history/README.md. */
export interface Message {
  readonly kind: "message" | "action" | "private";
  /** Its place in the one order, from 1. */
  readonly id: number;
  /** Epoch milliseconds. */
  readonly at: number;
  readonly by: Author;
  /** The name that the author bore. */
  readonly from: string;
  readonly text: string;
  /** Where it was said; a private message has none. */
  readonly room?: RoomTag;
  /** To whom, and the name borne then; private messages alone have it. */
  readonly to?: Author & { readonly name: string };
}

/** What tells a room from others, also from one that bore the same name before. */
export interface RoomTag {
  readonly id: number;
  /** As in `#tea`. */
  readonly name: string;
}

/** The server's own line. */
export interface Notice {
  readonly kind: "notice";
  readonly text: string;
  /** Epoch milliseconds; the last words of a connection have none. */
  readonly at?: number;
  /** The room that is told it. */
  readonly room?: RoomTag;
  /** Whose words are in it, if anyone's: those who ignore them are not sent it. */
  readonly by?: MemberId;
  /** Why something was not done, where the text says so: a notice with a code is a refusal. */
  readonly code?: RefusalCode;
  /** The client's own number for what this refuses, if it gave one. */
  readonly answers?: number;
}

/** Earlier messages, oldest first. */
export interface HistoryPage {
  readonly kind: "history page";
  readonly messages: readonly Message[];
  /** Where they were said; private ones have no room. */
  readonly room?: RoomTag;
  /** When they are shown, in epoch milliseconds. */
  readonly at: number;
  /** The number before, or behind, which there are more of them. */
  readonly next?: number;
}

/** Messages that were looked for, newest first. */
export interface SearchResults {
  readonly kind: "search results";
  readonly messages: readonly Message[];
}

/** What a member may be sent. */
export type Delivery = Message | Notice | HistoryPage | SearchResults | StateChange;

/** Encoded deliveries: bytes to the edges, opaque here. Empty means nothing to send. */
export type Chunk = Uint8Array;

/** Those who are sent the same bytes: deliveries are encoded once for all members that share it. */
export interface Encoder {
  encode(deliveries: readonly Delivery[]): Chunk;
  /** Such bytes as the log shows them, without what is secret. */
  describe(chunk: Chunk): string;
}

/** A member's way out. */
export interface Outbox {
  /** Takes a chunk: does not block, reorder or throw. An answer is what its own member asked for. */
  write(chunk: Chunk, isAnswer?: boolean): void;
  /** Writes an app's welcome, as an answer: the app counts what it is sent from here on. */
  welcome(chunk: Chunk): void;
  /** Says that all is written which one awaited input brought forth. */
  answered(): void;
  /** Sends what waits, then closes the connection; `why` is for the log. */
  end(why: string): void;
  /** Says which name the connection now bears, for the log. */
  named(name: string): void;
}
