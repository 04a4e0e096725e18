// What goes out: deliveries to connections, and the interfaces of what encodes and carries them. Deliveries are
// plain data; how they become bytes is up to lib/wire, and how those leave up to lib/net.

import type { ConnectionId, MemberId, Message, RoomTag } from "./message.ts";
import type { RefusalCode } from "./refusals.ts";
import type { StateChange } from "./state_change.ts";

/** A message as it is said, and on which connection. */
export interface Said extends Message {
  readonly via?: ConnectionId;
}

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

/** A message has another text now, or was taken back. */
export interface Mended {
  readonly kind: "mended";
  /** The message as it is now. */
  readonly message: Message;
  /** When that was (epoch ms); the name of who did it, and whether that is its author. */
  readonly at: number;
  readonly who: string;
  readonly isOwn: boolean;
  /** Its author: those who ignore that member are not sent it. */
  readonly by: MemberId;
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

/** The receipt for an input that its client has numbered: it was handled. */
export interface Receipt {
  readonly kind: "receipt";
  readonly id: number;
}

/** What a connection may be sent. */
export type Delivery =
  | Said
  | Mended
  | Notice
  | HistoryPage
  | SearchResults
  | StateChange
  | Receipt;

declare const chunk: unique symbol;

/** Encoded deliveries, which lib/chat passes on without looking inside: see lib/wire/chunk.ts. */
export interface Chunk {
  readonly [chunk]: true;
}

/** Encodes deliveries to bytes, once for all connections that share it. */
export interface Encoder {
  /** The bytes; undefined if there is nothing to send. */
  encode(deliveries: readonly Delivery[]): Chunk | undefined;
  /** Encoded bytes as text for the log, without secrets. */
  describe(chunk: Chunk): string;
}

/** Where a connection's deliveries go. */
export interface Outbox {
  /** Takes a chunk: must not block, reorder or throw. `isAnswer` says that its own peer asked for it. */
  write(chunk: Chunk, isAnswer?: boolean): void;
  /** Writes an app's welcome, as an answer; the app counts its frames from here. */
  welcome(chunk: Chunk): void;
  /** Says that everything caused by one awaited input has been written. */
  answered(): void;
  /** Sends what waits, then ends the connection; `why` is for the log. */
  end(why: string): void;
  /** Says whose it is now, and by which name, for the log. */
  named(name: string, member: MemberId): void;
}
