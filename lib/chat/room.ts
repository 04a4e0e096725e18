// A room: its members, its owner and its topic. Who is sent its messages is kept by the fan-out (fan_out.ts), so
// everyone is sent exactly what was sent while they were in the room.

import type { SavedRoom } from "./history.ts";
import { LastSaid } from "./last_said.ts";
import type { AccountId, Author, RoomTag } from "./message.ts";
import { nameKey } from "./names.ts";
import type { Occupant } from "./occupant.ts";
import type { Refusal } from "./refusals.ts";
import type { StateChange } from "./state_change.ts";
import { Unannounced } from "./unannounced.ts";

/** The room that every new member enters, and nobody can lock. */
export const LOBBY: RoomTag = { id: 1, name: "lobby" };

/** How many names a greeting lists, and how many /who and apps are told; the rest are counted. */
export const NAMES_GREETED = 20, NAMES_LISTED = 100;

/** Whose limit a room counts against for as long as it exists, whoever owns it by then. */
export interface Maker {
  /** Unknown for a room that was made before the server started. */
  readonly network?: string;
  /** The account of its maker, if identified. */
  readonly account?: AccountId;
}

/** A room and the members in it. */
export class Room implements RoomTag {
  readonly id: number;
  readonly name: string;
  readonly key: string;
  /** What identifies it, for messages and other plain data. */
  readonly tag: RoomTag;
  topic = "";
  isLocked = false;
  /** Who decides who may enter: its maker at first. */
  owner: Author | undefined;
  /** Whose limit it counts against. */
  maker: Maker = {};
  /** Whether the history has it: only once there is something in it to keep. */
  isKept = false;
  /** Since when nobody is in it, while its topic keeps it (epoch ms). */
  emptySince: number | undefined;
  /** Those who may enter even while it is locked. */
  readonly invited: Author[] = [];
  /** The number of its last message; 0 before there is one. */
  newest = 0;
  /** The members in it, as of the events handled so far. */
  readonly members = new Set<Occupant>();
  /** The last messages in it, which their authors may change. */
  readonly said = new LastSaid();
  /** Who has joined and left a crowd, and has not been announced yet. */
  readonly traffic = new Unannounced();

  constructor({ id, name }: RoomTag) {
    this.id = id;
    this.name = name;
    this.key = nameKey(name);
    this.tag = { id, name };
  }

  /** Makes a room from its record. */
  static from(saved: SavedRoom): Room {
    const { topic, isLocked, emptySince, owner, invited } = saved;
    const room = new Room(saved);
    Object.assign(room, { topic, isLocked, isKept: true, emptySince });
    if (owner !== undefined) {
      room.owner = { member: 0, account: owner };
      room.maker = { account: owner };
    }
    for (const account of invited) room.invited.push({ member: 0, account });
    return room;
  }

  /** The record to keep of it. */
  get saved(): SavedRoom {
    const { id, name, key, topic, owner, isLocked, invited, emptySince } = this;
    const accounts = invited.flatMap(({ account }) => account === undefined ? [] : [account]);
    return { id, name, key, topic, owner: owner?.account, isLocked, invited: accounts, emptySince };
  }

  /** Whether only an operator could enter it, if it is empty. */
  get isLost(): boolean {
    return this.isLocked && this.owner === undefined;
  }

  /** The names of those in it, as part of a sentence; empty when nobody is. */
  names({ most = NAMES_LISTED, except }: { most?: number; except?: Occupant } = {}): string {
    const names: string[] = [];
    for (const each of this.members) {
      if (each === except) continue;
      const { name, away, isLost } = each;
      const marks = [...(away ? ["away"] : []), ...(isLost ? ["connection lost"] : [])].join(", ");
      if (names.push(marks ? `${name} (${marks})` : name) === most) break;
    }
    const isHere = except !== undefined && this.members.has(except);
    const more = this.members.size - names.length - (isHere ? 1 : 0);
    return names.join(", ") + (more > 0 ? ` and ${more} more` : "");
  }

  /** Its members and topic, for an app. */
  state(): StateChange {
    const { tag, topic, isLocked } = this;
    const members = this.members.values().take(NAMES_LISTED)
      .map(({ name, away, isLost }) => ({ name, isAway: away !== "", isLost })).toArray();
    const size = this.members.size;
    return {
      kind: "state",
      what: "members",
      ...{ room: tag, topic, isLocked, size, members },
    };
  }

  /** Whether a member decides who may enter. */
  isRuledBy(member: Occupant): boolean {
    return isSame(this.owner, author(member)) || member.account?.isOperator === true;
  }

  /** Whether a member may enter, and read its history. */
  admits(member: Occupant): boolean {
    if (!this.isLocked || this.members.has(member) || this.isRuledBy(member)) return true;
    return this.invited.some((each) => isSame(each, author(member)));
  }
}

/** The room that an input is about, which its member must be in; by default that of its connection. */
export function roomOf(
  rooms: { find(name: string): Room | undefined },
  { member, connection }: { member: { rooms: ReadonlySet<Room> }; connection: { room: Room } },
  input: { readonly room?: string },
): Room | Refusal {
  const room = input.room === undefined ? connection.room : rooms.find(input.room);
  return room !== undefined && member.rooms.has(room) ? room : notIn(input.room ?? "");
}

/** Says that a member is not in a room. The name is what somebody typed, so it is shortened. */
export function notIn(name: string): Refusal {
  return { code: "not-in-room", text: `You are not in ${name.slice(0, 31).toWellFormed()}.` };
}

/** A member as the author of its messages. */
export function author(member: Occupant): Author {
  return { member: member.id, account: member.account?.id };
}

/** Whether two authors are the same person: the same member, or the same account. */
export function isSame(one: Author | undefined, other: Author): boolean {
  if (one === undefined) return false;
  if (one.account !== undefined && one.account === other.account) return true;
  return one.member !== 0 && one.member === other.member;
}
