// The state of the chat as one value that JSON can carry, and back again: whoever folds the events that follow
// into either gets the same.

import type { Asked } from "./admission.ts";
import { Chat, type ChatOptions } from "./chat.ts";
import type { Time } from "./event.ts";
import { fold } from "./fold.ts";
import type { Account, Ban, Record, Saved, SavedRoom, SavedVisit, Waiting } from "./history.ts";
import type { HeadState } from "./last_said.ts";
import { type MemberState, restoreMember, stateOfMember } from "./member_state.ts";
import type { AccountId, Author, MemberId, RoomTag } from "./message.ts";
import { RULES } from "./node.ts";
import type { NodesState } from "./nodes.ts";
import { type Maker, Room } from "./room.ts";
import type { UnannouncedState } from "./unannounced.ts";

/** The version of the form below: it grows when a snapshot of the form before can no longer be read. */
export const VERSION = 1;

/** All that the events to come depend on. */
export interface Snapshot {
  readonly version: typeof VERSION;
  /** The highest numbers given so far. */
  readonly lastMessage: number;
  readonly lastMember: MemberId;
  readonly lastRoom: number;
  readonly lastAccount: AccountId;
  readonly accounts: readonly Account[];
  readonly visits: readonly SavedVisit[];
  readonly waiting: readonly Waiting[];
  readonly bans: readonly Ban[];
  readonly rooms: readonly RoomState[];
  /** Rooms that are gone and can be found again. */
  readonly left: readonly SavedRoom[];
  readonly members: readonly MemberState[];
  /** The members who ignore anybody. */
  readonly ignorers: readonly MemberId[];
  /** The last private messages. */
  readonly whispered: readonly HeadState[];
  /** The connections that are asked for the server password. */
  readonly asked: readonly Asked[];
  /** Of a network: its nodes, the time of the last envelope and tick, and the rules of the fold. */
  readonly nodes: NodesState;
  readonly lastAt: number;
  readonly lastTick: number;
  readonly rules: number;
}

/** A room. */
interface RoomState extends RoomTag {
  readonly topic: string;
  readonly isLocked: boolean;
  readonly owner?: Author;
  readonly maker: Maker;
  readonly isKept: boolean;
  readonly newest: number;
  readonly emptySince?: number;
  readonly invited: readonly Author[];
  /** In the order in which they entered. */
  readonly members: readonly MemberId[];
  readonly traffic: UnannouncedState;
  readonly said: readonly HeadState[];
}

/** The state of a chat whose effects and records were taken. */
export function takeSnapshot(chat: Chat): Snapshot {
  return {
    version: VERSION,
    lastMessage: chat.lastMessage,
    lastMember: chat.lastMember,
    lastRoom: chat.rooms.lastId,
    lastAccount: chat.accounts.lastId,
    accounts: [...chat.accounts.all()],
    visits: chat.kept.all(),
    waiting: chat.waiting.all(),
    bans: [...chat.bans.all()],
    rooms: Array.from(chat.rooms.all(), stateOfRoom),
    left: [...chat.rooms.left()],
    members: Array.from(chat.members.values(), stateOfMember),
    ignorers: Array.from(chat.ignorers.all(), ({ id }) => id),
    whispered: chat.whispered.state(),
    asked: Array.from(chat.admission.all(), (asked) => ({ ...asked })),
    nodes: chat.nodes.state(),
    ...{ lastAt: chat.lastAt, lastTick: chat.lastTick, rules: chat.rules },
  };
}

/** A chat in that state. Throws a `RangeError` if the snapshot, or its rules, are of another version. */
export function restoreSnapshot(options: ChatOptions, snapshot: Snapshot): Chat {
  if (snapshot.version !== VERSION) {
    throw new RangeError(`a snapshot of version ${snapshot.version}, not ${VERSION}`);
  }
  const { nodes, lastAt, lastTick, rules } = snapshot;
  if (rules > RULES) {
    throw new RangeError(`a snapshot by rules ${rules}, and this program knows ${RULES}`);
  }
  const chat = new Chat(options);
  Object.assign(chat, { lastAt, lastTick, rules });
  chat.nodes.restore(nodes);
  chat.lastMessage = snapshot.lastMessage;
  chat.lastMember = snapshot.lastMember;
  chat.accounts.reserve(snapshot.lastAccount);
  for (const account of snapshot.accounts) chat.accounts.put(account);
  for (const visit of snapshot.visits) chat.kept.restore(visit);
  for (const each of snapshot.waiting) chat.waiting.restore(each);
  for (const ban of snapshot.bans) chat.bans.add(ban);
  const rooms = new Map<number, Room>();
  for (const state of snapshot.rooms) rooms.set(state.id, restoreRoom(chat, state));
  chat.rooms.lastId = snapshot.lastRoom;
  for (const saved of snapshot.left) chat.rooms.setAside(saved);
  for (const state of snapshot.members) restoreMember(chat, rooms, state);
  const member = (id: MemberId) => chat.members.get(id)!;
  for (const { id, members, traffic } of snapshot.rooms) {
    const room = rooms.get(id)!;
    for (const each of members) room.members.add(member(each));
    room.traffic.restore(traffic, member);
  }
  for (const id of snapshot.ignorers) chat.ignorers.restore(member(id));
  chat.whispered.restore(snapshot.whispered ?? []);
  for (const asked of snapshot.asked) chat.admission.restore({ ...asked });
  return chat;
}

/** The first snapshot of a network, with what a history has kept; and records that bring the history up to date. */
export function firstSnapshot(
  options: ChatOptions,
  { saved, time }: { saved: Saved; time: Time },
): { snapshot: Snapshot; records: Record[] } {
  const chat = new Chat(options);
  fold(chat, { kind: "restored", saved }, time);
  chat.effects.take();
  return { records: chat.takeRecords(), snapshot: takeSnapshot(chat) };
}

function stateOfRoom(room: Room): RoomState {
  const { id, name, topic, isLocked, owner, maker, isKept, newest } = room;
  const { emptySince, invited } = room;
  return {
    ...{ id, name, topic, isLocked, owner, maker, isKept, newest, emptySince },
    invited: [...invited],
    members: Array.from(room.members, (member) => member.id),
    traffic: room.traffic.state(),
    said: room.said.state(),
  };
}

function restoreRoom(chat: Chat, state: RoomState): Room {
  const room = state.id === chat.rooms.lobby.id ? chat.rooms.lobby : new Room(state);
  const { topic, isLocked, owner, maker, isKept, newest, emptySince, invited, said = [] } = state;
  Object.assign(room, { topic, isLocked, owner, maker, isKept, newest, emptySince });
  room.invited.push(...invited);
  room.said.restore(said, room.tag);
  return chat.rooms.add(room);
}
