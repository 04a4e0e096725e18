// Nodes that come, leave, are taken for gone and come back, with their people. Whatever is told, each node's own
// writer decides what its people need not hear (network.ts).

import type { Chat } from "./chat.ts";
import { depart } from "./devices.ts";
import type { NodeBack, NodeCame, NodeGone } from "./event.ts";
import { isIn, type Member } from "./member.ts";
import { stateOfMember } from "./member_state.ts";
import { isName } from "./names.ts";
import { type NodeId, nodeOf } from "./node.ts";
import type { Absent } from "./nodes.ts";
import { disown } from "./owners.ts";
import { comeBack, showRooms } from "./returning.ts";
import { tellTraffic } from "./traffic.ts";

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
  const people = members.map((member) => absent(chat, member, id));
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
function absent(chat: Chat, member: Member, node: NodeId): Absent {
  const own = member.connections.filter(({ id }) => nodeOf(id) === node);
  const rooms = [...member.rooms].filter((room) => own.some((each) => isIn(each, room)));
  const were = rooms.map(({ id, name, isLocked }) => ({ id, name, isLocked }));
  const state = stateOfMember(member);
  const connections = state.connections.filter(({ id }) => nodeOf(id) === node);
  const { lastMessage } = chat;
  return {
    ...{ ...state, isLost: false, connections, rooms: rooms.map(({ id }) => id) },
    ...{ were, lastMessage },
  };
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
