// What apps are told besides messages: the states that they show. People on the line protocol read the same
// in notices and are sent no state changes.

import type { RoomTag } from "./message.ts";

/** Who is in a room, as far as the app is told. */
export interface Present {
  readonly name: string;
  readonly isAway: boolean;
  readonly isLost: boolean;
}

/** A room in a list of rooms. */
export interface Listed {
  readonly name: string;
  readonly size: number;
  readonly isLocked: boolean;
  readonly topic: string;
}

/** How far a room, or the private talk with somebody, was read. */
export type ShownMark =
  & { readonly upTo: number }
  & ({ readonly room: RoomTag } | { readonly person: string });

/**
 * Whether somebody is here; `lost`: all their apps are cut off; `absent`: the name is registered, and they read what
 * waits for them when they come.
 */
export type Presence = "here" | "away" | "lost" | "absent" | "unknown";

/** One state, or its change; those of a room go to everyone in it. */
export type StateChange =
  & { readonly kind: "state" }
  & (
    /**
     * The member's name, the token by which its app may come back, the most bytes a text may have, and for how
     * many minutes one can be changed.
     */
    | {
      readonly what: "welcome";
      readonly name: string;
      readonly token?: string;
      readonly maxLine: number;
      readonly editMinutes: number;
    }
    /** The server has a password, which must be sent before anything else. */
    | { readonly what: "password" }
    /** The member is in this room. `size` counts everyone in it; only some are named. */
    | {
      readonly what: "members";
      readonly room: RoomTag;
      readonly topic: string;
      readonly isLocked: boolean;
      readonly size: number;
      readonly members: readonly Present[];
    }
    /** The member is no longer in this room. */
    | { readonly what: "parted"; readonly room: RoomTag }
    | { readonly what: "joined" | "left"; readonly room: RoomTag; readonly name: string }
    /** Many have come and gone; this many are there now. */
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
    /** All that somebody has is an app whose link is lost, or no longer so. */
    | {
      readonly what: "lost";
      readonly room: RoomTag;
      readonly name: string;
      readonly isLost: boolean;
    }
    | { readonly what: "topic"; readonly room: RoomTag; readonly topic: string }
    | { readonly what: "lock"; readonly room: RoomTag; readonly isLocked: boolean }
    | { readonly what: "rooms"; readonly rooms: readonly Listed[] }
    /** How far the member has read. */
    | { readonly what: "read"; readonly marks: readonly ShownMark[] }
    /** Whether somebody is here. */
    | { readonly what: "person"; readonly name: string; readonly presence: Presence }
  );
