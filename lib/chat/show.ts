// What a connection is shown of its rooms: messages from here on, earlier ones and, if it is an app's, who it is,
// where it is and who is there.

import type { Chat } from "./chat.ts";
import { requestPage } from "./history_page.ts";
import { type Connection, isApp, type Member } from "./member.ts";
import type { ReadMark } from "./history.ts";
import type { Room } from "./room.ts";
import type { Presence, ShownMark, StateChange } from "./state_change.ts";

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
  tellAllMarks(chat, member, connection);
}

/** Tells an app how far its account has read; of rooms, those that it is in. */
export function tellMarks(chat: Chat, connection: Connection, marks: readonly ReadMark[]): void {
  if (!isApp(connection)) return;
  const { rooms } = chat.connections.get(connection.id)!;
  const tags = new Map(Array.from(rooms, ({ id, tag }) => [id, tag]));
  const shown = marks.flatMap((mark): ShownMark[] => {
    if ("person" in mark) return [mark];
    const room = tags.get(mark.room);
    return room === undefined ? [] : [{ room, upTo: mark.upTo }];
  });
  if (shown.length === 0) return;
  chat.effects.toConnection(connection.id, { kind: "state", what: "read", marks: shown });
}

/** Tells an app how far its account has read, everywhere. */
export function tellAllMarks(chat: Chat, { account }: Member, connection: Connection): void {
  if (account !== undefined) tellMarks(chat, connection, chat.kept.marks(account.id));
}

/** Tells a member's apps whether somebody is here. */
export function tellPresence(
  chat: Chat,
  member: Member,
  who: { readonly name: string; readonly presence: Presence },
): void {
  tellApps(chat, member, { kind: "state", what: "person", ...who });
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
  const { account } = chat.connections.get(connection.id)!;
  const upTo = account && chat.kept.read(account.id, { room: room.id });
  if (upTo !== undefined) tellMarks(chat, connection, [{ room: room.id, upTo }]);
}

/** Tells an app who is in a room, and its topic. */
export function look(chat: Chat, connection: Connection, room: Room): void {
  if (isApp(connection)) chat.effects.toConnection(connection.id, room.state());
}
