// Coming, going, and moving between rooms; and what an app is told of where it is.

import type { Chat } from "./chat.ts";
import type { Join } from "./event.ts";
import { type Connection, isApp, type Member, newMember } from "./member.ts";
import { silenced } from "./messages.ts";
import { NAMES_GREETED, type Room } from "./room.ts";
import { requestPage } from "./history_page.ts";
import type { StateChange } from "./state_change.ts";
import { tellJoined, tellLeft, tellRenamed } from "./traffic.ts";

/** Makes a member of a connection: gives it a name, and sends it earlier messages and a greeting. */
export function admit(chat: Chat, { id, speaks, address, isPrivate }: Join): void {
  const room = chat.rooms.lobby;
  const member = newMember(id, chat.names.guest(id));
  const connection = { id, speaks, address, isPrivate, room, hears: speaks !== "classic" };
  member.connections.push(connection);
  const others = room.names(NAMES_GREETED);
  chat.members.set(member.id, member);
  chat.connections.set(id, member);
  tellNamed(chat, member);
  welcome(chat, member, connection);
  enter(chat, member, room);
  chat.tell(
    member,
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
  if (before !== name) tellRenamed(chat, member, before);
}

/** Puts a member into a room, and sends it the room's last messages. */
export function enter(chat: Chat, member: Member, room: Room): void {
  room.members.add(member);
  member.rooms.add(room);
  chat.rooms.occupy(room);
  tellJoined(chat, { member, room });
  for (const connection of member.connections) {
    connection.room = room;
    show(chat, connection, room);
    if (connection.hears) hear(chat, connection, room);
  }
}

/** Has a connection be sent what a room is sent, from here on. */
export function hear(chat: Chat, { id: connection }: Connection, { id: room }: Room): void {
  chat.effects.push({ kind: "enter", room, connection });
}

/** Takes a member out of a room. A room that is closing is not told, and is dropped when empty. */
export function exit(
  chat: Chat,
  member: Member,
  room: Room,
  { said, isGone = false, isClosing = false }: {
    said?: string;
    isGone?: boolean;
    isClosing?: boolean;
  } = {},
): void {
  room.members.delete(member);
  member.rooms.delete(room);
  for (const connection of member.connections) {
    connection.room = [...member.rooms].at(-1) ?? room;
    chat.effects.push({ kind: "exit", room: room.id, connection: connection.id });
  }
  noteSeen(chat, member, room);
  if (!isClosing) {
    const isSilenced = silenced(chat, member) !== undefined;
    tellLeft(chat, { member, room, said: isSilenced ? undefined : said });
    chat.rooms.vacate(room);
  }
  if (!isGone) tellApp(chat, member, { kind: "state", what: "parted", room: room.tag });
}

/** Takes a member out of the chat, tells its rooms, and ends its connections. */
export function leave(
  chat: Chat,
  member: Member,
  { why, said }: { why: string; said?: string },
): void {
  chat.members.delete(member.id);
  for (const room of [...member.rooms]) exit(chat, member, room, { said, isGone: true });
  chat.rooms.disown(member);
  chat.names.release(member.id);
  chat.ignorers.remove(member);
  for (const { id: connection } of member.connections) {
    chat.connections.delete(connection);
    chat.effects.push({ kind: "end", connection, why });
  }
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
  chat.admission.close(text);
}

/** Tells an app who it is. */
export function welcome(chat: Chat, { name }: Member, connection: Connection): void {
  if (!isApp(connection)) return;
  chat.effects.push({ kind: "welcome", connection: connection.id, name });
}

/** Tells an app who and where it is, as if it had just joined. */
export function refresh(chat: Chat, member: Member, connection: Connection): void {
  welcome(chat, member, connection);
  for (const room of member.rooms) show(chat, connection, room);
}

/** Sends a state change to a member's apps. */
export function tellApp(chat: Chat, member: Member, change: StateChange): void {
  if (member.connections.some(isApp)) chat.effects.toMember(member, change);
}

/** Sends a connection the last messages of a room and, if it is an app's, who is in it. */
export function show(chat: Chat, connection: Connection, room: Room): void {
  const { replay: count } = chat.options;
  if (count > 0 && connection.hears) requestPage(chat, connection, { room, range: { count } });
  look(chat, connection, room);
}

/** Tells an app who is in a room, and its topic. */
export function look(chat: Chat, connection: Connection, room: Room): void {
  if (isApp(connection)) chat.effects.toConnection(connection.id, room.state());
}

function tellNamed(chat: Chat, { id: member, name, connections }: Member): void {
  for (const { id: connection } of connections) {
    chat.effects.push({ kind: "named", connection, member, name });
  }
}

/** Notes how far a member has read a room, for "you missed" when it comes back. */
function noteSeen(chat: Chat, { account }: Member, room: Room): void {
  if (account === undefined || !room.isKept) return;
  chat.keep({ kind: "seen", account: account.id, room: room.id, id: chat.lastMessage });
}
