// What apps are told besides words: the states that they show. People at a line protocol read of them in
// notices, and are sent no state changes.

import type { RoomTag } from "./message.ts";

/** Who is in a room, as far as it is told. */
export interface Present {
  readonly name: string;
  readonly isAway: boolean;
}

/** A room among others. */
export interface Listed {
  readonly name: string;
  readonly size: number;
  readonly isLocked: boolean;
  readonly topic: string;
}

/** One state, or its change; those of a room go to everyone in it. */
export type StateChange =
  & { readonly kind: "state" }
  & (
    /** What the member is called, the token by which its app may come back, and the bytes of the longest text. */
    | {
      readonly what: "welcome";
      readonly name: string;
      readonly token?: string;
      readonly maxLine: number;
    }
    /** The server has a password: it is to be typed before anything else. */
    | { readonly what: "password" }
    /** The member is in this room, which has so many people; some of them by name. */
    | {
      readonly what: "members";
      readonly room: RoomTag;
      readonly topic: string;
      readonly isLocked: boolean;
      readonly size: number;
      readonly members: readonly Present[];
    }
    /** The member is in this room no more. */
    | { readonly what: "parted"; readonly room: RoomTag }
    | { readonly what: "joined" | "left"; readonly room: RoomTag; readonly name: string }
    /** Many have come and gone, and so many are there now. */
    | { readonly what: "crowd"; readonly room: RoomTag; readonly size: number }
    | {
      readonly what: "renamed";
      readonly room: RoomTag;
      readonly from: string;
      readonly to: string;
    }
    | {
      readonly what: "away";
      readonly room: RoomTag;
      readonly name: string;
      readonly isAway: boolean;
    }
    | { readonly what: "topic"; readonly room: RoomTag; readonly topic: string }
    | { readonly what: "lock"; readonly room: RoomTag; readonly isLocked: boolean }
    | { readonly what: "rooms"; readonly rooms: readonly Listed[] }
  );
