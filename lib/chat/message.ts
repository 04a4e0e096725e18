// Messages, their authors and their rooms: the plain data that events, records and deliveries are made of.

/** A connection's own number, never used twice: that of its node times `NODE_SPAN`, and a count from 1. */
export type ConnectionId = number;

/** A member's own number, from 1, counted in the order in which they came: a guest is named by it. */
export type MemberId = number;

/** An account's own number, from 1, never used twice: a name may be registered anew by another person. */
export type AccountId = number;

/** The author of a message: the member's number while the server runs, and the account if identified. */
export interface Author {
  readonly member: MemberId;
  readonly account?: AccountId;
}

/** Identifies a room, even among others that had the same name before. */
export interface RoomTag {
  readonly id: number;
  /** As in `#tea`. */
  readonly name: string;
}

/** A message or action (`/me`), to a room or one person. Adding a field: see lib/history/README.md. */
export interface Message {
  readonly kind: "message" | "action" | "private";
  /** Its place in the one order, from 1. */
  readonly id: number;
  /** Epoch milliseconds. */
  readonly at: number;
  readonly by: Author;
  /** The author's name at that time. */
  readonly from: string;
  readonly text: string;
  /** The room it was sent to; private messages have none. */
  readonly room?: RoomTag;
  /** The receiver and their name at that time; only private messages have it. */
  readonly to?: Author & { readonly name: string };
  /** Whether its author has put another text in place of the first. */
  readonly edited?: true;
  /** Whether it was taken back: then its text is empty. */
  readonly deleted?: true;
  /** A random text by which its author's app knows it; nobody else is told. */
  readonly nonce?: string;
}
