// A member, which is a person who is here, and the connections that they have. Only the fold changes them.

import type { Join, Speaks } from "./event.ts";
import type { Account, Ban } from "./history.ts";
import type { AccountId, ConnectionId, MemberId, Message } from "./message.ts";
import { lookalikes } from "./names.ts";
import type { Occupant } from "./occupant.ts";
import type { Room } from "./room.ts";

/** One of a member's connections. What else belongs to it is kept beside the fold: see connections.ts. */
export interface Connection {
  readonly id: ConnectionId;
  readonly speaks: Speaks;
  /** Its IP address, the latest if it has moved; and whether nobody on the way can read its traffic. */
  address: string;
  readonly isPrivate: boolean;
  /** Most bytes of a text that it sends: servers of one network may differ in it. */
  readonly maxLine: number;
  /** Most connections that its member may have, as its server has it. */
  readonly maxDevices: number;
  /** What tabs of one browser have in common: see `Join`. */
  readonly browser?: string;
  /** Its number among those of its member, from 1; and when it came (epoch ms). */
  number: number;
  readonly since: number;
  /** Since when its app's link is lost (epoch ms); undefined while it is not. */
  lostSince: number | undefined;
  /** What it types goes to this room unless it names another; on the line protocol it looks at this one. */
  room: Room;
  /** Whether it is sent what its rooms are sent: from the start, or (v0.1) once it has spoken. */
  hears: boolean;
}

/** A person who is here. */
export interface Member extends Occupant {
  readonly connections: Connection[];
  /** The rooms that its connections are in, in the order in which it entered them. */
  readonly rooms: Set<Room>;
  /** Whom it ignores. */
  filter: Filter | undefined;
  /** Who wrote to it last, for /reply. */
  lastFrom: Correspondent | undefined;
  /** A guest's own mute: the next guest may get the same name. */
  mute: Ban | undefined;
  /** When the others are told that it is here, if it says nothing before (epoch ms); undefined once they were. */
  announceAt: number | undefined;
  /** A registered name that it asks for, and has not yet proved to be its own. */
  claims: string;
}

/** The author of a private message: their number, their account if identified, and their name then. */
export interface Correspondent {
  readonly member: MemberId;
  account: AccountId | undefined;
  readonly name: string;
}

/** Makes a member of somebody who has just come. */
export function newMember(
  id: MemberId,
  name: string,
  account: Account | undefined = undefined,
): Member {
  return {
    ...{ id, name, account, away: "", isLost: false, connections: [], rooms: new Set() },
    ...{
      filter: undefined,
      lastFrom: undefined,
      mute: undefined,
      announceAt: undefined,
      claims: "",
    },
  };
}

/** Makes a connection, which is in a room. */
export function newConnection(
  { id, speaks, address, isPrivate, maxLine, maxDevices, browser }: Join,
  { room, at }: { room: Room; at: number },
): Connection {
  return {
    ...{ id, speaks, address, isPrivate, maxLine, maxDevices, browser, room },
    ...{ number: 1, since: at, lostSince: undefined, hears: speaks !== "classic" },
  };
}

/** Whether it is an app's: it is sent state changes, and is in all rooms of its member. */
export function isApp({ speaks }: Connection): boolean {
  return speaks === "json";
}

/** Whether a connection is in a room of its member: an app is in all of them. */
export function isIn(connection: Connection, room: Room): boolean {
  return connection.room === room || isApp(connection);
}

/** The members that a member ignores. */
export interface Filter {
  /** By number while they are here, and by every key of the name later. */
  readonly ids: ReadonlySet<MemberId>;
  readonly names: ReadonlyMap<string, string>;
}

/** The filter that lets everything through. */
export const NO_FILTER: Filter = { ids: new Set(), names: new Map() };

/** Whether an earlier message passes, whose author may have left. */
export function wantsAgain({ names, ids }: Filter, message: Message): boolean {
  return !ids.has(message.by.member) && ignoredAs({ names }, message.from) === undefined;
}

/** The ignored name that keeps out somebody who has, or had, this name. */
export function ignoredAs({ names }: Pick<Filter, "names">, name: string): string | undefined {
  if (names.size === 0) return;
  for (const key of lookalikes(name)) {
    const ignored = names.get(key);
    if (ignored !== undefined) return ignored;
  }
}
