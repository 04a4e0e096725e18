// What the chat remembers, and how: records go to a history with every batch, before anyone is shown
// what they tell of. lib/history has one that forgets at the end and one that keeps all in a file.

import type { AccountId, Author, Message, RoomTag } from "./message.ts";

/** A registered name. */
export interface Account {
  readonly id: AccountId;
  readonly name: string;
  /** What two names that look alike have in common: see names.ts. */
  readonly key: string;
  /** The password's hash, with its salt and parameters: see lib/auth/passwords.ts. */
  readonly hash: string;
  readonly isOperator: boolean;
}

/** A room that is kept: with its topic, or as it was left. */
export interface SavedRoom extends RoomTag {
  readonly key: string;
  readonly topic: string;
  /** Whoever made it, if they were identified. */
  readonly owner?: AccountId;
  readonly isLocked: boolean;
  /** Accounts that may enter though it is locked. */
  readonly invited: readonly AccountId[];
  /** Since when nobody is in it (epoch ms); undefined while somebody is, and where it is not known. */
  readonly emptySince?: number;
}

/** A name or an address that is kept out, or a name that is kept silent. */
export interface Ban {
  readonly kind: "ban" | "mute";
  /** A name's key, or an address or CIDR range as it was given. */
  readonly subject: string;
  /** As people know it. */
  readonly shown: string;
  readonly isAddress: boolean;
  readonly why: string;
  readonly by: string;
  /** Epoch milliseconds; undefined: for good. */
  readonly until?: number;
}

/** One thing to be kept. */
export type Record =
  | { readonly kind: "said"; readonly message: Message }
  | { readonly kind: "room"; readonly room: SavedRoom }
  /** Nobody is in the room, since a time (epoch ms) if that is known; whoever asks for its key finds it again. */
  | { readonly kind: "room empty"; readonly id: number; readonly at?: number }
  /** The room is gone for good: nobody may enter it, and a new one of its name is another. */
  | { readonly kind: "room gone"; readonly id: number }
  /** What is kept of an account is what has changed: other programs change the rest meanwhile. */
  | { readonly kind: "account new"; readonly account: Account }
  | { readonly kind: "account operator"; readonly id: AccountId; readonly isOperator: boolean }
  | { readonly kind: "account gone"; readonly id: AccountId }
  | { readonly kind: "ban"; readonly ban: Ban }
  | { readonly kind: "unban"; readonly ban: Pick<Ban, "kind" | "subject"> }
  /** An account left a room, whose last message it then knew. */
  | {
    readonly kind: "seen";
    readonly account: AccountId;
    readonly room: number;
    readonly id: number;
  };

/** Somebody whose words are to be no more: those said under that name, and by that account. */
export interface Forgotten {
  readonly name: string;
  readonly account?: AccountId;
}

/** What a history knows when the server starts, or after another program has changed it. */
export interface Saved {
  /** The highest numbers given so far. */
  readonly lastMessage: number;
  readonly lastRoom: number;
  readonly lastAccount: AccountId;
  readonly accounts: readonly Account[];
  readonly bans: readonly Ban[];
  /** Those with a topic: they are there though nobody is in them. */
  readonly rooms: readonly SavedRoom[];
  /** Whose words are to be forgotten by those, too, who have them in memory. */
  readonly forgotten: readonly Forgotten[];
}

/** What somebody wants to read again. */
export interface Recall {
  /** The room whose messages belong to it; none without. */
  readonly room?: RoomTag["id"];
  /** Whose private messages belong to it; none without. */
  readonly reader?: Author;
  /** Messages up to this number: so many of the last of them; or, behind another, of the first. */
  readonly upTo: number;
  readonly after?: number;
  readonly count: number;
  /** Characters that are enough: beyond, older ones need not be looked for. */
  readonly enough?: number;
}

/** What somebody looks for. */
export interface Search {
  /** Words that must all be in it. */
  readonly words: readonly string[];
  readonly reader: Author;
  /** Whether the reader may enter a room; undefined for one that is not there, and may have been. */
  readonly rooms: (id: RoomTag["id"]) => boolean | undefined;
  readonly count: number;
}

/** What was found, newest first. */
export interface Found {
  readonly messages: Message[];
  /** Why not everything could be looked through. */
  readonly trouble?: string;
}

/** What the chat remembers by. Nothing here throws for a disk's fault. */
export interface History {
  /** Whether it outlives the server. */
  readonly lasts: boolean;
  /** Why records cannot be kept just now; undefined while they can. */
  readonly trouble: string | undefined;
  /** Why something could not be read a moment ago. */
  readonly readTrouble: string | undefined;
  /** Why the last `recall` may lack something; undefined when it does not. */
  readonly recallTrouble: string | undefined;
  /** What is known at the start. */
  load(): Saved;
  /** What is known now, if another program has changed it; nothing while records wait to be kept. */
  changed(): Saved | undefined;
  /** Keeps records, in order; all of a batch's or, for now, none. */
  commit(records: readonly Record[]): void;
  /** A room that was there before, by its key. */
  room(key: string): SavedRoom | undefined;
  /** Messages, oldest first. */
  recall(wanted: Recall): Message[];
  /** How many messages were said in a room behind this account's last leave, up to `most`; 0 if unknown. */
  missed(account: AccountId, room: RoomTag["id"], most: number): number;
  /** Looks for messages; what it takes, it takes in slices that hold nobody up. */
  search(wanted: Search): Promise<Found>;
  /** What is due every few seconds: what waits is written, what is too old is deleted. */
  tick(): void;
  /** Writes what waits, and ends. */
  close(): void;
}
