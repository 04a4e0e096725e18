// A room: who is in it, and who decides that. Who *hears* it is kept apart, since the writer changes
// that only as it fans out, so that everyone is sent exactly what was said while they were in.

import type { SavedRoom } from "./history.ts";
import type { AccountId, Author, RoomTag } from "./message.ts";
import { nameKey } from "./names.ts";
import type { Occupant } from "./occupant.ts";
import type { Refusal } from "./refusals.ts";
import type { StateChange } from "./state_change.ts";
import { Unannounced } from "./unannounced.ts";

/** The room that everyone enters, and nobody can lock. */
export const LOBBY: RoomTag = { id: 1, name: "lobby" };

/** How many names a greeting lists before it counts the rest; and /who, and what an app is told. */
export const NAMES_GREETED = 20, NAMES_LISTED = 100;

/** Whom a room counts against for as long as it is there, whoever rules it. */
export interface Maker {
  /** Not known of a room from before the server's start. */
  readonly network?: string;
  /** The account that its maker was identified for. */
  readonly account?: AccountId;
}

/** A room and the members in it. */
export class Room implements RoomTag {
  readonly id: number;
  readonly name: string;
  readonly key: string;
  topic = "";
  isLocked = false;
  /** Whoever rules it, its maker at first: they decide who enters. */
  owner: Author | undefined;
  /** Whom it counts against. */
  maker: Maker = {};
  /** Whether the history knows it: not before there is something in it to be kept. */
  isKept = false;
  /** Since when nobody is in it, though its topic keeps it (epoch ms). */
  emptySince: number | undefined;
  /** Those who may enter though it is locked. */
  readonly invited: Author[] = [];
  /** Those in the room, by the events handled so far. */
  readonly members = new Set<Occupant>();
  /** Those who are sent what is said, by what was fanned out so far. */
  readonly hearers = new Set<Occupant>();
  /** Who has come and gone in a crowd, and was not told yet. */
  readonly traffic = new Unannounced();

  constructor({ id, name }: RoomTag) {
    this.id = id;
    this.name = name;
    this.key = nameKey(name);
  }

  /** A room as it was kept. */
  static from(saved: SavedRoom): Room {
    const room = new Room(saved);
    room.topic = saved.topic;
    room.isLocked = saved.isLocked;
    room.isKept = true;
    room.emptySince = saved.emptySince;
    if (saved.owner !== undefined) {
      room.owner = { member: 0, account: saved.owner };
      room.maker = { account: saved.owner };
    }
    for (const account of saved.invited) room.invited.push({ member: 0, account });
    return room;
  }

  /** What is kept of it. */
  get saved(): SavedRoom {
    const { id, name, key, topic, owner, isLocked, invited, emptySince } = this;
    const accounts = invited.flatMap(({ account }) => account === undefined ? [] : [account]);
    return { id, name, key, topic, owner: owner?.account, isLocked, invited: accounts, emptySince };
  }

  /** Who is in it, as a sentence's part; empty when nobody is. */
  names(most = NAMES_LISTED): string {
    const names: string[] = [];
    for (const { name, away } of this.members) {
      if (names.push(away ? `${name} (away)` : name) === most) break;
    }
    const more = this.members.size - names.length;
    return names.join(", ") + (more > 0 ? ` and ${more} more` : "");
  }

  /** Who is in it and what it is about, for an app. */
  state(): StateChange {
    const { id, name, topic, isLocked } = this;
    const members = this.members.values().take(NAMES_LISTED)
      .map(({ name, away }) => ({ name, isAway: away !== "" })).toArray();
    const size = this.members.size;
    return {
      kind: "state",
      what: "members",
      ...{ room: { id, name }, topic, isLocked, size, members },
    };
  }

  /** Whether a member decides who enters. */
  isRuledBy(member: Occupant): boolean {
    return isSame(this.owner, author(member)) || member.account?.isOperator === true;
  }

  /** Whether a member may enter, and read what was said. */
  admits(member: Occupant): boolean {
    if (!this.isLocked || this.members.has(member) || this.isRuledBy(member)) return true;
    return this.invited.some((each) => isSame(each, author(member)));
  }
}

/** That a member is not in a room: what somebody typed is bounded before it is repeated. */
export function notIn(name: string): Refusal {
  return { code: "not-in-room", text: `You are not in ${name.slice(0, 31).toWellFormed()}.` };
}

/** A member as the author of its words. */
export function author(member: Occupant): Author {
  return { member: member.id, account: member.account?.id };
}

/** Whether two are the same person: on one connection, or of one account. */
export function isSame(one: Author | undefined, other: Author): boolean {
  if (one === undefined) return false;
  if (one.account !== undefined && one.account === other.account) return true;
  return one.member !== 0 && one.member === other.member;
}
