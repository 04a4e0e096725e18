// A member as plain data, and back again: for snapshots, and for the people of a node that may come back.

import type { Accounts } from "./accounts.ts";
import type { Ban } from "./history.ts";
import { type Connection, type Correspondent, type Member, newMember } from "./member.ts";
import type { AccountId, MemberId, RoomTag } from "./message.ts";
import type { Names } from "./names.ts";
import type { Room } from "./room.ts";

/** A member. */
export interface MemberState {
  readonly id: MemberId;
  readonly name: string;
  readonly account?: AccountId;
  readonly away: string;
  readonly isLost: boolean;
  readonly connections: readonly ConnectionState[];
  /** In the order in which they were entered. */
  readonly rooms: readonly RoomTag["id"][];
  readonly ignores?: {
    readonly ids: readonly MemberId[];
    readonly names: readonly (readonly [key: string, name: string])[];
  };
  readonly lastFrom?: Correspondent;
  readonly mute?: Ban;
  readonly announceAt?: number;
  readonly claims: string;
}

/** A connection, with the number of the room that it looks at. */
export type ConnectionState = Omit<Connection, "room"> & { readonly room: RoomTag["id"] };

/** Where members are. The chat is one. */
interface People {
  readonly accounts: Accounts;
  readonly names: Names;
  readonly members: Map<MemberId, Member>;
  readonly newcomers: Set<Member>;
  connect(member: Member, connection: Connection): void;
}

/** A member as plain data. */
export function stateOfMember(member: Member): MemberState {
  const { id, name, account, away, isLost, connections, rooms, filter, lastFrom } = member;
  const { mute, announceAt, claims } = member;
  return {
    ...{ id, name, account: account?.id, away, isLost },
    connections: connections.map((each) => ({ ...each, room: each.room.id })),
    rooms: Array.from(rooms, (room) => room.id),
    ignores: filter && { ids: [...filter.ids], names: [...filter.names] },
    lastFrom: lastFrom && { ...lastFrom },
    ...{ mute, announceAt, claims },
  };
}

/** Puts back a member. The rooms do not know of it yet. */
export function restoreMember(
  people: People,
  rooms: ReadonlyMap<RoomTag["id"], Room>,
  state: MemberState,
): Member {
  const { id, name, away, isLost, ignores, lastFrom, mute, announceAt, claims } = state;
  const account = state.account === undefined ? undefined : people.accounts.get(state.account);
  const member = newMember(id, name, account);
  if (people.names.guest(id) !== name) people.names.give(id, name);
  const filter = ignores && { ids: new Set(ignores.ids), names: new Map(ignores.names) };
  Object.assign(member, { away, isLost, filter, lastFrom: lastFrom && { ...lastFrom } });
  Object.assign(member, { mute, announceAt, claims });
  if (announceAt !== undefined) people.newcomers.add(member);
  for (const room of state.rooms) member.rooms.add(rooms.get(room)!);
  for (const each of state.connections) {
    const connection = restoreConnection(each, rooms.get(each.room)!);
    member.connections.push(connection);
    people.connect(member, connection);
  }
  people.members.set(id, member);
  return member;
}

/** A connection that was plain data, in a room. */
export function restoreConnection(state: ConnectionState, room: Room): Connection {
  // JSON leaves out what is undefined.
  return { ...state, lostSince: state.lostSince, room };
}
