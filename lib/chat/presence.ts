// Coming, going, and moving between rooms.

import type { Chat } from "./chat.ts";
import type { Join } from "./event.ts";
import { isApp, type Member, newMember } from "./member.ts";
import { silenced } from "./messages.ts";
import { isNewcomer } from "./newcomers.ts";
import { disown } from "./owners.ts";
import { NAMES_GREETED, type Room } from "./room.ts";
import { hear, show, tellApp, welcome } from "./show.ts";
import { tellJoined, tellLeft, tellRenamed } from "./traffic.ts";

/** Makes a member of a connection: gives it a name, and sends it earlier messages and a greeting. */
export function admit(chat: Chat, join: Join): void {
  const { id, speaks, address, isPrivate, maxLine, announceIn } = join;
  const room = chat.rooms.lobby;
  const number = ++chat.lastMember;
  const member = newMember(number, chat.names.guest(number));
  const connection = {
    ...{ id, speaks, address, isPrivate, maxLine, room },
    hears: speaks !== "classic",
  };
  member.connections.push(connection);
  const others = room.names(NAMES_GREETED);
  chat.members.set(member.id, member);
  chat.connections.set(id, member);
  if (announceIn > 0) {
    member.announceAt = chat.dueAt + announceIn;
    chat.newcomers.add(member);
  }
  tellNamed(chat, member);
  welcome(chat, member, connection);
  enter(chat, member, room, { isKnown: announceIn === 0 });
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
  if (before === name) return;
  if (!isNewcomer(member)) return tellRenamed(chat, member, before);
  for (const { tag: room } of member.rooms) {
    tellApp(chat, member, { kind: "state", what: "renamed", room, from: before, to: name });
  }
}

/** Puts a member into a room, which is told unless it is not to know, and sends it the room's last messages. */
export function enter(
  chat: Chat,
  member: Member,
  room: Room,
  { isKnown = true }: { isKnown?: boolean } = {},
): void {
  member.rooms.add(room);
  if (member.account !== undefined) chat.kept.entered(member.account.id, room.name);
  chat.rooms.occupy(room);
  if (isKnown) {
    room.members.add(member);
    tellJoined(chat, { member, room });
  }
  for (const connection of member.connections) {
    connection.room = room;
    show(chat, connection, room);
    if (connection.hears) hear(chat, connection, room);
  }
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
    connection.room = [...member.rooms].at(-1) ?? room;
    chat.effects.push({ kind: "exit", room: room.id, connection: connection.id });
  }
  if (!isClosing) {
    const isSilenced = silenced(chat, member) !== undefined;
    if (wasKnown) tellLeft(chat, { member, room, said: isSilenced ? undefined : said });
    chat.rooms.vacate(room);
  }
  if (!isGone) tellApp(chat, member, { kind: "state", what: "parted", room: room.tag });
}

/** Takes a member out of the chat, tells its rooms, and ends its connections. */
export function leave(
  chat: Chat,
  member: Member,
  { why, said, isReplaced = false, mayReturn = false }: {
    why: string;
    said?: string;
    /** Whether another connection takes its place: this one may have been lost long ago. */
    isReplaced?: boolean;
    /** Whether it may come back with its node: until then its rooms stay its own. */
    mayReturn?: boolean;
  },
): void {
  chat.members.delete(member.id);
  chat.newcomers.delete(member);
  for (const room of [...member.rooms]) {
    exit(chat, member, room, { said, isGone: true, isUnread: isReplaced });
  }
  if (!mayReturn) disown(chat, member);
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

/** Tells a member's connections which name it has. */
export function tellNamed(chat: Chat, { id: member, name, connections }: Member): void {
  for (const { id: connection } of connections) {
    chat.effects.push({ kind: "named", connection, member, name });
  }
}

/** Notes how far a member has read a room that it leaves: over lines, all that was written there. */
function noteSeen(chat: Chat, { account, connections }: Member, room: Room): void {
  if (account === undefined || !room.isKept) return;
  const isRead = connections.some((each) => each.room === room && !isApp(each));
  if (isRead) chat.kept.noteRead(account.id, { room: room.id, upTo: chat.lastMessage });
}
