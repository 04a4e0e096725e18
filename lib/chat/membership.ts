// Nodes that come, leave, are taken for gone and come back, with their people. Whatever is told, each node's own
// writer decides what its people need not hear (network.ts).

import { bannedFrom } from "./admission.ts";
import { browserOf, type Chat } from "./chat.ts";
import { arrive } from "./commands/rooms.ts";
import type { NodeBack, NodeCame, NodeGone } from "./event.ts";
import type { Account } from "./history.ts";
import { nameBanned } from "./identity.ts";
import { attach, depart, settleLink, stopHearing, tooMany } from "./devices.ts";
import { isIn, type Member } from "./member.ts";
import { restoreConnection, restoreMember, stateOfMember } from "./member_state.ts";
import { guestName, isName } from "./names.ts";
import { type NodeId, nodeOf } from "./node.ts";
import type { Absent } from "./nodes.ts";
import { disown } from "./owners.ts";
import { tellNamed } from "./presence.ts";
import type { ConnectionId } from "./message.ts";
import type { Occupant } from "./occupant.ts";
import type { Refusal } from "./refusals.ts";
import type { Room } from "./room.ts";
import { hear, look, tellApps } from "./show.ts";
import { tellJoined, tellTraffic } from "./traffic.ts";
import { handOver } from "./visit.ts";

/** Why connections end: for who has them, and for the log. */
interface Ending extends Pick<Refusal, "text"> {
  readonly code: Refusal["code"] | undefined;
  readonly why: string;
}

/** Milliseconds after which a node that is gone cannot come back. */
export const GONE_FOR = 3_600_000;
/** Most characters of a node's name. */
const LONGEST_NAME = 63;
/** Why the people of a node that is gone have left. */
const LOST = "connection lost";

/** Gives a new node its number. */
export function came(chat: Chat, { uuid, name, knows }: NodeCame): void {
  if (knows < chat.rules || chat.nodes.ofProcess(uuid) !== undefined) return;
  const id = chat.nodes.next();
  const shown = isName(name, LONGEST_NAME) ? name : `node${id}`;
  chat.nodes.add({ ...{ id, uuid, name: shown, knows }, epoch: 1, counter: 1, gone: undefined });
}

/** A node has stopped: its connections end, and who has no other leaves. */
export function left(chat: Chat, id: NodeId): void {
  const node = chat.nodes.get(id);
  if (node === undefined || node.gone !== undefined) return;
  for (const member of membersOf(chat, id)) departFrom(chat, member, id, { why: "server closed" });
  for (const { join } of askedOf(chat, id)) chat.admission.gone(join.id, "server closed");
  chat.nodes.remove(id);
}

/** Ends the connections of a node, unless it has sent something since. */
export function gone(chat: Chat, { node: id, epoch, counter }: NodeGone): void {
  const node = chat.nodes.get(id);
  if (node === undefined || node.gone !== undefined) return;
  if (node.epoch !== epoch || node.counter !== counter) return;
  const members = membersOf(chat, id), asked = askedOf(chat, id);
  const people = members.map((member) => absent(member, id));
  node.gone = { since: chat.dueAt, people, asked };
  node.epoch++;
  node.counter = 0;
  const how = { why: LOST, said: LOST, mayReturn: true };
  for (const member of members) departFrom(chat, member, id, how);
  for (const { join } of asked) chat.admission.gone(join.id, LOST);
  tellRooms(chat, people);
}

/** Brings back a node that was taken for gone, and its people. */
export function back(chat: Chat, { node: id, epoch }: NodeBack): void {
  const node = chat.nodes.get(id);
  if (node?.gone === undefined || node.epoch !== epoch) return;
  const { people, asked } = node.gone;
  node.gone = undefined;
  for (const each of asked) {
    chat.admission.restore(each);
    // A ban may have been imposed meanwhile.
    chat.admission.moved(each.join.id, each.join.address);
  }
  for (const each of people) comeBack(chat, each);
  for (const { id, connections } of people) {
    const ids = new Set(connections.map(({ id }) => id));
    showRooms(chat, chat.members.get(id), ids);
  }
  tellRooms(chat, people);
  release(chat, people);
}

/** Forgets the nodes that have been gone for too long. */
export function forgetGone(chat: Chat): void {
  for (const { id, gone } of [...chat.nodes.all()]) {
    if (gone === undefined || chat.dueAt - gone.since < GONE_FOR) continue;
    chat.nodes.remove(id);
    release(chat, gone.people);
  }
}

/** New rules begin, if all nodes know them. */
export function adopt(chat: Chat, rules: number): void {
  if (rules > chat.rules && rules <= chat.nodes.common(0)) chat.rules = rules;
}

function membersOf({ members }: Chat, id: NodeId): Member[] {
  return [...members.values()].filter(({ connections }) =>
    connections.some((each) => nodeOf(each.id) === id)
  );
}

function askedOf({ admission }: Chat, id: NodeId) {
  return [...admission.all()].filter(({ join }) => nodeOf(join.id) === id)
    .map((asked) => ({ ...asked }));
}

/** What a member has on a node: its connections there, and the rooms that they are in. */
function absent(member: Member, node: NodeId): Absent {
  const own = member.connections.filter(({ id }) => nodeOf(id) === node);
  const rooms = [...member.rooms].filter((room) => own.some((each) => isIn(each, room)));
  const were = rooms.map(({ id, name, isLocked }) => ({ id, name, isLocked }));
  const state = stateOfMember(member);
  const connections = state.connections.filter(({ id }) => nodeOf(id) === node);
  return { ...state, isLost: false, connections, rooms: rooms.map(({ id }) => id), were };
}

/** Ends the connections that a member has on a node. */
function departFrom(
  chat: Chat,
  member: Member,
  node: NodeId,
  how: { why: string; said?: string; mayReturn?: boolean },
): void {
  for (const connection of [...member.connections]) {
    if (nodeOf(connection.id) === node) depart(chat, { member, connection }, how);
  }
}

/** Tells crowded rooms at once who has left or joined: at a tick, the people of the node itself would be told as well. */
function tellRooms(chat: Chat, people: readonly Absent[]): void {
  for (const id of new Set(people.flatMap(({ rooms }) => rooms))) {
    const room = chat.rooms.get(id);
    if (room !== undefined) tellTraffic(chat, room);
  }
}

/** Lets go of the rooms of those who were away, and are not here now. */
function release(chat: Chat, people: readonly Absent[]): void {
  for (const { account, ...person } of people) {
    if (chat.members.has(person.id) || chat.nodes.awaits(person.id)) continue;
    const known = account === undefined ? undefined : chat.accounts.get(account);
    disown(chat, { ...person, account: known });
  }
  for (const { rooms } of people) {
    for (const id of rooms) {
      const room = chat.rooms.get(id);
      if (room !== undefined && room.emptySince !== undefined) chat.rooms.vacate(room);
    }
  }
}

/**
 * Brings back a member, with its connections, its name if that is free, and its rooms; or gives the connections to
 * the person if they are here by others; or ends them.
 */
function comeBack(chat: Chat, person: Absent): void {
  const account = stillOwn(chat, person);
  const refusal = whyNot(chat, { person, account });
  if (refusal !== undefined) return turnAway(chat, person, refusal);
  const here = stillHere(chat, { person, account });
  if (here !== undefined) return rejoin(chat, here, person);
  const name = isFree(chat, { person, account }) ? person.name : guestName(person.id);
  const rooms = roomsOf(chat, person, { ...person, name, account });
  const last = [...rooms.keys()].at(-1) ?? chat.rooms.lobby.id;
  const member = restoreMember(chat, new Map([...rooms, [chat.rooms.lobby.id, chat.rooms.lobby]]), {
    ...{ ...person, name, account: account?.id, rooms: [...rooms.keys()] },
    connections: person.connections.map((each) => ({
      ...each,
      room: rooms.has(each.room) ? each.room : last,
    })),
  });
  if (member.filter !== undefined) chat.ignorers.restore(member);
  settle(chat, member, person);
  settleLink(chat, member);
}

/** The rooms that somebody who is back may be in again. */
function roomsOf(chat: Chat, { were }: Absent, occupant: Occupant): Map<number, Room> {
  const rooms = new Map<number, Room>();
  for (const { id, isLocked } of were) {
    const room = chat.rooms.get(id);
    // Whoever was in a locked room stays in it; one that was locked meanwhile is like any other.
    if (room !== undefined && (isLocked || room.admits(occupant))) rooms.set(id, room);
  }
  return rooms;
}

/** The connections of a node that is back belong to somebody who is here by others. */
function rejoin(chat: Chat, here: Member, person: Absent): void {
  const rooms = roomsOf(chat, person, here);
  const last = [...rooms.values()].at(-1) ?? [...here.rooms].at(-1)!;
  const connections = person.connections.map((each) =>
    restoreConnection(each, rooms.get(each.room) ?? last)
  );
  const refusal = tooMany(here, connections);
  if (refusal !== undefined) return turnAway(chat, person, { ...refusal, why: "refused" });
  stopHearing(chat, connections, person.were);
  const known = { rooms: person.were, name: person.name };
  attach(chat, here, { connections, rooms: [...rooms.values()], known });
}

/** Who is here already of whom a node has brought back connections. */
function stillHere(
  chat: Chat,
  { person, account }: { person: Absent; account: Account | undefined },
): Member | undefined {
  const member = chat.members.get(person.id);
  if (member !== undefined) return member;
  const bearer = account && chat.lookalike(account.name);
  if (bearer !== undefined && bearer.account?.id === account!.id) return bearer;
  const browsers = person.connections.flatMap((each) => browserOf(each) ?? []);
  return browsers.map((each) => chat.browsers.get(each)).find((each) => each !== undefined);
}

/** Puts a member that is back into its rooms, and tells it what is no longer as it was. */
function settle(chat: Chat, member: Member, { name: before, were }: Absent): void {
  const { name, rooms } = member;
  if (name !== before) {
    tellNamed(chat, member);
    for (const { tag: room } of rooms) {
      tellApps(chat, member, { kind: "state", what: "renamed", room, from: before, to: name });
    }
    chat.tell(member, `${before} was taken while this server was away: you are ${name} now.`);
  }
  chat.ignorers.recognize(member);
  for (const tag of were) {
    if ([...rooms].some(({ id }) => id === tag.id)) continue;
    stopHearing(chat, member.connections, [tag]);
    tellApps(chat, member, { kind: "state", what: "parted", room: { id: tag.id, name: tag.name } });
  }
  for (const room of rooms) {
    chat.rooms.occupy(room);
    if (member.announceAt === undefined) {
      room.members.add(member);
      tellJoined(chat, { member, room });
    }
    for (const connection of member.connections) {
      if (connection.hears && isIn(connection, room)) hear(chat, connection, room);
    }
  }
  if (member.account !== undefined) handOver(chat, member, member.account);
  if (rooms.size > 0) return;
  for (const connection of member.connections) {
    arrive(chat, { member, connection }, chat.rooms.lobby);
  }
}

/** Shows the apps of somebody who is back who is in their rooms, once all are back. */
function showRooms(
  chat: Chat,
  member: Member | undefined,
  ids: ReadonlySet<ConnectionId>,
): void {
  for (const connection of member?.connections ?? []) {
    if (!ids.has(connection.id)) continue;
    for (const room of member!.rooms) look(chat, connection, room);
  }
}

/** The account of somebody who is back, if it is still theirs. */
function stillOwn(chat: Chat, { name, account }: Absent): Account | undefined {
  const own = account === undefined ? undefined : chat.accounts.get(account);
  return own !== undefined && chat.accounts.rival(name) === own ? own : undefined;
}

/** Why somebody cannot come back. */
function whyNot(
  chat: Chat,
  { person, account }: { person: Absent; account: Account | undefined },
): Ending | undefined {
  for (const { address } of person.connections) {
    const banned = bannedFrom(chat, address);
    if (banned !== undefined) return { ...banned, why: "banned" };
  }
  const banned = nameBanned(chat, person.name) ?? (account && nameBanned(chat, account.name));
  if (banned !== undefined) return { ...banned, why: "banned" };
  const { dismissed: why } = person;
  if (why !== undefined) return { code: undefined, text: `You were ${why}.`, why };
}

/** Whether somebody who is back may have the name that they had. */
function isFree(
  chat: Chat,
  { person: { name }, account }: { person: Absent; account: Account | undefined },
): boolean {
  const registered = chat.accounts.rival(name, account);
  return chat.names.rival(name) === undefined && registered === undefined;
}

/** Ends the connections of somebody who cannot come back. */
function turnAway(
  chat: Chat,
  { connections, were }: Absent,
  { code, text, why }: Ending,
): void {
  stopHearing(chat, connections, were);
  for (const { id: connection } of connections) {
    chat.effects.toConnection(connection, { kind: "notice", code, text, at: chat.at });
    chat.effects.push({ kind: "end", connection, why });
  }
}
