// Coming, going, and moving between rooms.

import type { Chat } from "./chat.ts";
import type { Join } from "./event.ts";
import { type Connection, isApp, isIn, type Member, newConnection, newMember } from "./member.ts";
import { silenced } from "./messages.ts";
import { isNewcomer } from "./newcomers.ts";
import { disown } from "./owners.ts";
import { NAMES_GREETED, type Room } from "./room.ts";
import { open, tellApps, welcome } from "./show.ts";
import { tellJoined, tellLeft, tellRenamed } from "./traffic.ts";

/** A member, and one of its connections. */
export interface Whose {
  readonly member: Member;
  readonly connection: Connection;
}

/** Makes a member of a connection: gives it a name, and sends it earlier messages and a greeting. */
export function admit(chat: Chat, join: Join): void {
  const { announceIn } = join, room = chat.rooms.lobby;
  const number = ++chat.lastMember;
  const member = newMember(number, chat.names.guest(number));
  const connection = newConnection(join, { room, at: chat.at });
  member.connections.push(connection);
  const others = room.names({ most: NAMES_GREETED });
  chat.members.set(member.id, member);
  chat.connect(member, connection);
  if (announceIn > 0) {
    member.announceAt = chat.dueAt + announceIn;
    chat.newcomers.add(member);
  }
  tellNamed(chat, member);
  welcome(chat, member, connection);
  enter(chat, { member, connection }, room, { isKnown: announceIn === 0 });
  greet(chat, { member, connection }, others);
}

/** Sends a new connection the greeting; `others` are named in it. */
export function greet(chat: Chat, { member, connection }: Whose, others: string): void {
  const { room } = connection;
  chat.tellAt(
    connection,
    ...chat.options.motd,
    ...(room.topic ? [`Topic: ${room.topic}`] : []),
    `Welcome to bobchat, ${member.name}. ${
      others ? `Here: ${others}.` : "You are the first here."
    }`,
    "Type to talk. /nick NAME changes your name, /help lists what else there is.",
  );
}

/** Gives a member a free name, and tells its rooms. */
export function giveName(chat: Chat, member: Member, name: string): void {
  const before = member.name;
  chat.names.give(member.id, name);
  member.name = name;
  tellNamed(chat, member);
  chat.ignorers.recognize(member);
  if (before === name) return;
  if (!isNewcomer(member)) return tellRenamed(chat, member, before);
  for (const { tag: room } of member.rooms) {
    tellApps(chat, member, { kind: "state", what: "renamed", room, from: before, to: name });
  }
}

/** Has a connection go to a room, and sends it the room's last messages; its member is in the room from now on. */
export function enter(
  chat: Chat,
  { member, connection }: Whose,
  room: Room,
  { isKnown = true }: { isKnown?: boolean } = {},
): void {
  comeInto(chat, member, room, { isKnown, except: connection });
  connection.room = room;
  open(chat, connection, room);
}

/** A member is in a room from now on, if it was not: the room is told unless it is not to know, and the member's apps are shown it. */
export function comeInto(
  chat: Chat,
  member: Member,
  room: Room,
  { isKnown = true, except }: { isKnown?: boolean; except?: Connection } = {},
): void {
  if (member.rooms.has(room)) return;
  member.rooms.add(room);
  if (member.account !== undefined) chat.kept.entered(member.account.id, room.name);
  chat.rooms.occupy(room);
  if (isKnown) {
    room.members.add(member);
    tellJoined(chat, { member, room });
  }
  for (const connection of member.connections) {
    if (connection !== except && isApp(connection)) open(chat, connection, room);
  }
}

/** The line connections of a member that look at a room. */
export function lookers({ connections }: Member, room: Room): Connection[] {
  return connections.filter((each) => each.room === room && !isApp(each));
}

/** Whether another connection of the member is in a room. */
export function isElsewhere({ member, connection }: Whose, room: Room): boolean {
  return member.connections.some((each) => each !== connection && isIn(each, room));
}

/** Takes a member out of a room. A room that is closing is not told, and is dropped when empty. */
export function exit(
  chat: Chat,
  member: Member,
  room: Room,
  { said, isGone = false, isClosing = false, isUnread = false }: {
    said?: string;
    isGone?: boolean;
    isClosing?: boolean;
    /** Whether it may not have read what was said there. */
    isUnread?: boolean;
  } = {},
): void {
  const { account } = member;
  if (account !== undefined && !isGone) chat.kept.left(account.id, room.name);
  if (!isUnread) noteSeen(chat, member, room);
  const wasKnown = room.members.delete(member);
  member.rooms.delete(room);
  for (const connection of member.connections) {
    if (!isIn(connection, room)) continue;
    if (connection.room === room) connection.room = [...member.rooms].at(-1) ?? room;
    chat.effects.push({ kind: "exit", room: room.id, connection: connection.id });
  }
  if (!isClosing) {
    const isSilenced = silenced(chat, member) !== undefined;
    if (wasKnown) tellLeft(chat, { member, room, said: isSilenced ? undefined : said });
    chat.rooms.vacate(room);
  }
  if (!isGone) tellApps(chat, member, { kind: "state", what: "parted", room: room.tag });
}

/** Takes a member out of the chat, tells its rooms, and ends its connections. */
export function leave(
  chat: Chat,
  member: Member,
  { why, said, mayReturn = false }: {
    why: string;
    said?: string;
    /** Whether it may come back with its node: until then its rooms stay its own. */
    mayReturn?: boolean;
  },
): void {
  vanish(chat, member, said);
  if (!mayReturn && !chat.nodes.awaits(member.id)) disown(chat, member);
  for (const connection of member.connections) {
    chat.disconnect(member, connection);
    chat.effects.push({ kind: "end", connection: connection.id, why });
  }
}

/** Takes a member out of the chat, and tells its rooms. */
export function vanish(chat: Chat, member: Member, said?: string): void {
  chat.members.delete(member.id);
  chat.newcomers.delete(member);
  for (const room of [...member.rooms]) exit(chat, member, room, { said, isGone: true });
  chat.names.release(member.id);
  chat.ignorers.remove(member);
}

/** Sends everyone a last notice, then ends their connections. */
export function close(chat: Chat, text: string): void {
  for (const room of chat.rooms.all()) chat.announce(room, text);
  for (const member of chat.members.values()) {
    for (const room of member.rooms) noteSeen(chat, member, room);
    for (const { id: connection } of member.connections) {
      chat.effects.push({ kind: "end", connection, why: "server closed" });
    }
  }
  chat.members.clear();
  chat.connections.clear();
  chat.browsers.clear();
  chat.admission.close(text);
}

/** Tells a member's connections which name it has. */
export function tellNamed(chat: Chat, { id: member, name, connections }: Member): void {
  for (const { id: connection } of connections) {
    chat.effects.push({ kind: "named", connection, member, name });
  }
}

/** Notes how far a member has read a room that a line connection leaves: all that was written there. */
export function noteSeen(chat: Chat, member: Member, room: Room): void {
  const { account } = member;
  if (account === undefined || !room.isKept || lookers(member, room).length === 0) return;
  chat.kept.noteRead(account.id, { room: room.id, upTo: chat.lastMessage });
}
