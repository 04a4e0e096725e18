// What was said, by whom and where: the plain data that events, records and deliveries are made of.

/** A connection's own number, from 1, never used twice while the server runs. */
export type MemberId = number;

/** An account's own number, from 1, never used twice: a name may be registered anew by another person. */
export type AccountId = number;

/** Who said it: the connection's number while the server runs, and the account if it was identified. */
export interface Author {
  readonly member: MemberId;
  readonly account?: AccountId;
}

/** What tells a room from others, also from one that bore the same name before. */
export interface RoomTag {
  readonly id: number;
  /** As in `#tea`. */
  readonly name: string;
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
