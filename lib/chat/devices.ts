// Several connections of one person: how they become one person's, and how one of them ends. A person is in every
// room that one of their connections is in: an app is in all of them, a line connection in the one it looks at.

import type { Chat } from "./chat.ts";
import { type Connection, isApp, isIn, type Member, NO_FILTER } from "./member.ts";
import type { RoomTag } from "./message.ts";
import { isNewcomer } from "./newcomers.ts";
import { passOn } from "./owners.ts";
import { comeInto, exit, isElsewhere, leave, noteSeen, vanish, type Whose } from "./presence.ts";
import type { Refusal } from "./refusals.ts";
import { author, type Room } from "./room.ts";
import { hear, look, open, tellAllMarks, welcome } from "./show.ts";
import { introduce } from "./traffic.ts";
import { plural } from "../std/plural.ts";

/** Most rooms that a person may be in at once, so that nobody can take them all. */
export const MOST_ROOMS = 20;

/** Connections that become a member's. */
interface Arrivals {
  readonly connections: readonly Connection[];
  /** The rooms that they are in, each connection's own among them: the member is in them from now on. */
  readonly rooms: readonly Room[];
  /** What they know of before: the rooms that they were sent, and their name. New ones know nothing. */
  readonly known?: { readonly rooms: readonly RoomTag[]; readonly name: string };
}

/** Why a member cannot have so many more connections, by the limit that these bring; undefined if it can. */
export function tooMany(member: Member, arriving: readonly Connection[]): Refusal | undefined {
  const { name, connections: { length } } = member;
  if (length + arriving.length <= Math.min(...arriving.map(({ maxDevices }) => maxDevices))) return;
  const text = `${name} has ${
    plural(length, "connection")
  }, and cannot have more: end one there, with /quit or /disconnect.`;
  return { code: "limit", text };
}

/** Gives a member more connections; the rooms that it was not in are told. */
export function attach(chat: Chat, member: Member, { connections, rooms, known }: Arrivals): void {
  comeWith(chat, member, rooms);
  connections.forEach((each) => add(chat, { member, connection: each }, known));
  settleLink(chat, member);
}

/** A member turns out to be a person who is here: its connections are that person's from now on, and it leaves. */
export function merge(chat: Chat, member: Member, person: Member): void {
  const rooms = [...member.rooms], connections = member.connections.splice(0);
  const known = { rooms: rooms.map(({ tag }) => tag), name: member.name };
  // They are not told that they leave.
  stopHearing(chat, connections, known.rooms);
  // What is the member's is the person's, before its rooms could be dropped for being empty.
  comeWith(chat, person, rooms);
  for (const { lastFrom } of chat.members.values()) {
    if (lastFrom?.member === member.id) lastFrom.account ??= person.account?.id;
  }
  passOn(chat, author(member), author(person));
  for (const { said } of [{ said: chat.whispered }, ...chat.rooms.all()]) {
    said.passOn(member.id, author(person));
  }
  chat.ignorers.follow(member, person);
  vanish(chat, member);
  for (const connection of connections) {
    chat.disconnect(member, connection);
    add(chat, { member: person, connection }, known);
  }
  settleLink(chat, person);
}

/** Ends one connection of a member; with the last one the member leaves. */
export function depart(
  chat: Chat,
  { member, connection }: Whose,
  { why, said, mayReturn }: { why: string; said?: string; mayReturn?: boolean },
): void {
  if (member.connections.length === 1) return leave(chat, member, { why, said, mayReturn });
  const rooms = [...member.rooms].filter((room) => isIn(connection, room));
  const left = rooms.filter((room) => !isElsewhere({ member, connection }, room));
  stopHearing(chat, [connection], rooms);
  noteSeen(chat, member, connection.room);
  member.connections.splice(member.connections.indexOf(connection), 1);
  chat.disconnect(member, connection);
  for (const room of left) exit(chat, member, room, { said, isGone: true });
  chat.effects.push({ kind: "end", connection: connection.id, why });
  settleLink(chat, member);
}

/** The link of a connection's app is lost, or is back. */
export function changeLink(chat: Chat, { member, connection }: Whose, isLost: boolean): void {
  connection.lostSince = isLost ? connection.lostSince ?? chat.at : undefined;
  settleLink(chat, member);
}

/** Tells a member's rooms if all that it has is lost now, or no longer so. */
export function settleLink(chat: Chat, member: Member): void {
  const { name, isLost: wasLost } = member;
  member.isLost = member.connections.every(({ lostSince }) => lostSince !== undefined);
  const { isLost } = member;
  if (isLost === wasLost) return;
  for (const room of member.rooms) {
    const change = { kind: "state", what: "lost", room: room.tag, name, isLost } as const;
    if (!room.members.has(member)) continue;
    introduce(chat, { member, room });
    chat.effects.toRoom(room, change);
  }
}

/** A member is in these rooms from now on, as far as it may be in so many. */
function comeWith(chat: Chat, member: Member, rooms: readonly Room[]): void {
  const isKnown = !isNewcomer(member);
  for (const room of rooms) {
    const mayEnter = room === chat.rooms.lobby || member.rooms.size < MOST_ROOMS;
    if (mayEnter) comeInto(chat, member, room, { isKnown });
  }
}

/** Adds a connection to a member that is in its rooms, and shows it what it does not know. */
function add(chat: Chat, { member, connection }: Whose, known: Arrivals["known"]): void {
  const { id: number, name } = member;
  connection.number = freeNumber(member);
  member.connections.push(connection);
  chat.connect(member, connection);
  if (!member.rooms.has(connection.room)) connection.room = [...member.rooms].at(-1)!;
  const { ids } = member.filter ?? NO_FILTER;
  chat.effects.push({ kind: "named", connection: connection.id, member: number, name });
  chat.effects.push({ kind: "ignore", connection: connection.id, ids });
  if (known === undefined) welcome(chat, member, connection);
  else tellWhatChanged(chat, { member, connection }, known);
  for (const room of member.rooms) {
    if (!isIn(connection, room)) continue;
    if (!known?.rooms.some(({ id }) => id === room.id)) open(chat, connection, room);
    else {
      look(chat, connection, room);
      if (connection.hears) hear(chat, connection, room);
    }
  }
  tellAllMarks(chat, member, connection);
}

/** Tells an app under which name it is now, and in which rooms no longer. */
function tellWhatChanged(
  chat: Chat,
  { member, connection }: Whose,
  known: NonNullable<Arrivals["known"]>,
): void {
  if (!isApp(connection)) return;
  const rooms = new Set(Array.from(member.rooms, ({ id }) => id));
  for (const { id, name } of known.rooms) {
    const room = { id, name };
    if (known.name !== member.name) {
      chat.effects.toConnection(connection.id, {
        ...{ kind: "state", what: "renamed", room },
        ...{ from: known.name, to: member.name },
      });
    }
    if (rooms.has(id)) continue;
    chat.effects.toConnection(connection.id, { kind: "state", what: "parted", room });
  }
}

/** Has connections be sent no more of these rooms. */
export function stopHearing(
  chat: Chat,
  connections: readonly Pick<Connection, "id">[],
  rooms: readonly Pick<RoomTag, "id">[],
): void {
  for (const { id: connection } of connections) {
    for (const { id: room } of rooms) chat.effects.push({ kind: "exit", room, connection });
  }
}

function freeNumber({ connections }: Member): number {
  const taken = new Set(connections.map(({ number }) => number));
  let number = 1;
  while (taken.has(number)) number++;
  return number;
}
