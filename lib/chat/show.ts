// What a connection is shown of its rooms: messages from here on, earlier ones and, if it is an app's, who it is,
// where it is and who is there.

import type { Chat } from "./chat.ts";
import { requestPage } from "./history_page.ts";
import { type Connection, isApp, type Member } from "./member.ts";
import type { Room } from "./room.ts";
import type { StateChange } from "./state_change.ts";

/** Has a connection be sent what a room is sent, from here on. */
export function hear(chat: Chat, { id: connection }: Connection, { id: room }: Room): void {
  chat.effects.push({ kind: "enter", room, connection });
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

/** Sends a state change to all apps of a member. */
export function tellApps(chat: Chat, { connections }: Member, change: StateChange): void {
  for (const each of connections) if (isApp(each)) chat.effects.toConnection(each.id, change);
}

/** Shows a connection a room, and has it be sent what the room is sent. */
export function open(chat: Chat, connection: Connection, room: Room): void {
  show(chat, connection, room);
  if (connection.hears) hear(chat, connection, room);
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
