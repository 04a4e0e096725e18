// What the chat keeps. The records of each batch go to a history before anyone is sent what they record.
// lib/history has one in memory, which forgets at the end, and one that keeps all in a file.

import type { AccountId, Author, Message, RoomTag } from "./message.ts";

/** A registered name. */
export interface Account {
  readonly id: AccountId;
  readonly name: string;
  /** The key that names which look alike share: see names.ts. */
  readonly key: string;
  /** The password's hash, with its salt and parameters: see lib/auth/passwords.ts. */
  readonly hash: string;
  readonly isOperator: boolean;
}

/** A room as it is kept: because it has a topic, or as it was left. */
export interface SavedRoom extends RoomTag {
  readonly key: string;
  readonly topic: string;
  /** The account that made it, if its maker was identified. */
  readonly owner?: AccountId;
  readonly isLocked: boolean;
  /** Accounts that may enter even while it is locked. */
  readonly invited: readonly AccountId[];
  /** Since when nobody is in it (epoch ms); undefined if somebody is, or if that is not known. */
  readonly emptySince?: number;
}

/** A ban of a name or an address, or a mute of a name. */
export interface Ban {
  readonly kind: "ban" | "mute";
  /** A name's key, or an address or CIDR range as it was typed. */
  readonly subject: string;
  /** The same as people read it. */
  readonly shown: string;
  readonly isAddress: boolean;
  readonly why: string;
  readonly by: string;
  /** Epoch milliseconds; undefined: for good. */
  readonly until?: number;
}

/** What can be read: a room, by its number, or the private talk with somebody, by their name. */
export type Place = { readonly room: number } | { readonly person: string };

/** How far an account has read: up to the message with this number. */
export type ReadMark = Place & { readonly upTo: number };

/** What is kept for an account between its visits, besides the private words that wait for it. */
export interface SavedVisit {
  readonly account: AccountId;
  /** The names that it ignores. */
  readonly ignored: readonly string[];
  /** The names of the rooms to enter, the one that was entered last comes last. */
  readonly rooms: readonly string[];
  readonly marks: readonly ReadMark[];
}

/** A private message that waits for an account. */
export interface Waiting {
  readonly account: AccountId;
  readonly message: Message;
  /** The network that it was sent from. */
  readonly network: string;
}

/** One thing to keep. */
export type Record =
  | { readonly kind: "said"; readonly message: Message }
  /** A message is now as it is here: with another text, or taken back. */
  | { readonly kind: "mended"; readonly message: Message }
  | { readonly kind: "room"; readonly room: SavedRoom }
  /** The room is empty, since a time (epoch ms) if that is known. It can be found again by its key. */
  | { readonly kind: "room empty"; readonly id: number; readonly at?: number }
  /** The room is gone for good: nobody may enter it, and a new room of its name is another room. */
  | { readonly kind: "room gone"; readonly id: number }
  /** Only the changed fields of an account are written: other programs may change the rest meanwhile. */
  | { readonly kind: "account new"; readonly account: Account }
  | { readonly kind: "account operator"; readonly id: AccountId; readonly isOperator: boolean }
  | { readonly kind: "account gone"; readonly id: AccountId }
  /** An admin command on another server's file has changed an account, which was `before` until then. */
  | { readonly kind: "account"; readonly account: Account; readonly before?: Account }
  | { readonly kind: "ban"; readonly ban: Ban }
  | { readonly kind: "unban"; readonly ban: Pick<Ban, "kind" | "subject"> }
  /** Whom an account ignores, and the rooms that it enters at its next visit. */
  | { readonly kind: "visit" } & Omit<SavedVisit, "marks">
  /** How far an account has read; and that this is no longer kept. */
  | { readonly kind: "seen"; readonly account: AccountId; readonly mark: ReadMark }
  | { readonly kind: "unseen"; readonly account: AccountId; readonly place: Place }
  /** A message that was kept waits for an account; `sender` is the account that it is from, if any. */
  | {
    readonly kind: "waits";
    readonly account: AccountId;
    readonly id: Message["id"];
    readonly network: string;
    readonly sender: AccountId | undefined;
  }
  /** It was taken back, and waits no more. */
  | { readonly kind: "waits no more"; readonly id: Message["id"] }
  /** An account was sent what waited for it, up to this message. */
  | { readonly kind: "taken"; readonly account: AccountId; readonly upTo: Message["id"] }
  /** All messages by and to somebody are deleted, up to this number: others may use the name after that. */
  | { readonly kind: "forgotten"; readonly whom: Forgotten; readonly upTo: number };

/** An author whose messages are deleted: those sent under this name, and those of this account. */
export interface Forgotten {
  readonly name: string;
  readonly account?: AccountId;
}

/** What other programs may change while the server runs. */
export interface Changeable {
  /** The highest number given to an account so far. */
  readonly lastAccount: AccountId;
  readonly accounts: readonly Account[];
  readonly bans: readonly Ban[];
  /** Whose messages were deleted here. */
  readonly forgotten?: readonly Forgotten[];
  /** Whether the other servers of a network are to be told of all this. */
  readonly isOfNetwork?: true;
}

/** What a history knows when the server starts. */
export interface Saved extends Changeable {
  /** The highest numbers given so far. */
  readonly lastMessage: number;
  readonly lastRoom: number;
  /** Every room that is not gone, the one that was left first comes first. */
  readonly rooms: readonly SavedRoom[];
  readonly visits: readonly SavedVisit[];
  /** Oldest first. */
  readonly waiting: readonly Waiting[];
  /** The last messages, which their authors may change, oldest first; none if undefined. */
  readonly said?: readonly Message[];
}

/** Which earlier messages to read. */
export interface Recall {
  /** The room whose messages are included; none if undefined. */
  readonly room?: RoomTag["id"];
  /** The person whose private messages are included; none if undefined. */
  readonly reader?: Author;
  /** Messages up to this number: the last `count` of them or, with `after`, the first `count` after that. */
  readonly upTo: number;
  readonly after?: number;
  readonly count: number;
  /** How many characters are enough: once there are so many, no older messages are read. */
  readonly enough?: number;
}

/** What to search for. */
export interface Search {
  /** Words that a message must all contain. */
  readonly words: readonly string[];
  readonly reader: Author;
  /** Whether the reader may enter a room; undefined for one that does not exist now but may have. */
  readonly rooms: (id: RoomTag["id"]) => boolean | undefined;
  readonly count: number;
}

/** What was found, newest first. */
export interface Found {
  readonly messages: Message[];
  /** Why not everything could be searched. */
  readonly trouble?: string;
}

/** Where the chat keeps its records. No method throws when the disk fails. */
export interface History {
  /** Whether its records outlive the server. */
  readonly lasts: boolean;
  /** Why records cannot be kept just now; undefined while they can. */
  readonly trouble: string | undefined;
  /** Why something could not be read just now. */
  readonly readTrouble: string | undefined;
  /** How much room its disk has, as in `83 MB`, while that is little. */
  readonly lowSpace: string | undefined;
  /** Why the last `recall` may lack something; undefined when it does not. */
  readonly recallTrouble: string | undefined;
  /** What is kept, at the start. */
  load(): Saved;
  /** What is kept now, if another program has changed it; undefined while records wait to be written. */
  changed(): Changeable | undefined;
  /**
   * Keeps records, in order: all records of a batch or, for now, none. A batch of a network's stream comes with
   * its sequence there, also if it has no records; what the history has already is not kept twice.
   */
  commit(records: readonly Record[], sequence?: number): void;
  /** Messages, oldest first. */
  recall(wanted: Recall): Message[];
  /** How many messages follow this one in a room, up to `most`. */
  countAfter(id: number, { room, most }: { room: RoomTag["id"]; most: number }): number;
  /** Searches messages, in short slices that hold up nobody. */
  search(wanted: Search): Promise<Found>;
  /** Does what is due every few seconds: writes what waits, deletes what is too old. */
  tick(): void;
  /** Writes what waits, then closes. */
  close(): void;
}
