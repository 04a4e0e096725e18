// A visit of an account: what is brought back when somebody identifies, and what is noted for the next visit. What
// is kept is in kept.ts and waiting.ts.

import type { Chat } from "./chat.ts";
import { reenter } from "./commands/rooms.ts";
import { ignoredBy, MOST_IGNORED } from "./ignorers.ts";
import type { Account } from "./history.ts";
import type { ReadMark } from "./history.ts";
import { type Connection, isApp, type Member, NO_FILTER, wantsAgain } from "./member.ts";
import type { AccountId } from "./message.ts";
import type { Whose } from "./presence.ts";
import type { Room } from "./room.ts";
import { tellAllMarks, tellMarks } from "./show.ts";
import { plural } from "../std/plural.ts";
import { whom } from "./whom.ts";

/** Brings back what is kept for the account that a member has just identified for. */
export function resume(chat: Chat, member: Member, account: Account): void {
  ignoreAgain(chat, member, account);
  for (const connection of member.connections) tellAllMarks(chat, member, connection);
  enterAgain(chat, member, account);
  handOver(chat, member, account);
  for (const connection of member.connections) {
    tellMissed(chat, { member, connection }, member.rooms);
  }
}

/** Tells a line connection how much its account has missed in the room that it looks at, if that is one of these. */
export function tellMissed(
  chat: Chat,
  { member: { account }, connection }: Whose,
  rooms: ReadonlySet<Room>,
): void {
  const { id, room } = connection;
  // Apps are told how far it was read.
  if (account === undefined || isApp(connection) || !rooms.has(room)) return;
  const after = chat.kept.read(account.id, { room: room.id });
  if (after !== undefined) {
    chat.effects.push({ kind: "missed", connection: id, after, room: room.tag });
  }
}

/** Notes for the account that a member has registered, or identified for, whom it ignores and where it is. */
export function note(chat: Chat, member: Member): void {
  const { account, rooms } = member;
  if (account === undefined) return;
  noteIgnored(chat, member);
  for (const { name } of rooms) chat.kept.entered(account.id, name);
}

/** Notes whom a member ignores, for the next visit of its account. */
export function noteIgnored(chat: Chat, member: Member): void {
  const { account } = member;
  if (account !== undefined) chat.kept.ignore(account.id, [...ignoredBy(member)]);
}

/**
 * Notes how far a member has read, and tells its apps. `reader` is the connection whose app has said so: it knows.
 */
export function noteRead(
  chat: Chat,
  member: Member,
  { mark, reader }: { mark: ReadMark; reader?: Connection },
): void {
  const { account, connections } = member;
  if (account !== undefined && !chat.kept.noteRead(account.id, mark)) return;
  for (const each of connections) if (each !== reader) tellMarks(chat, each, [mark]);
}

/** Notes that those who look at a room over lines as well as with an app have read what was written there. */
export function readAlong(chat: Chat): void {
  for (const member of chat.members.values()) {
    if (member.account === undefined || !member.connections.some(isApp)) continue;
    for (const connection of member.connections) {
      if (isApp(connection)) continue;
      const { id: room, isKept, newest: upTo } = connection.room;
      if (isKept && upTo > 0) noteRead(chat, member, { mark: { room, upTo } });
    }
  }
}

/** Sends a member what waits for its account. It waits until the member's server says that it was sent. */
export function handOver(chat: Chat, member: Member, { id: account }: Account): void {
  const all = chat.waiting.of(account).map(({ message }) => message);
  const messages = all.filter((message) => wantsAgain(member.filter ?? NO_FILTER, message));
  const [first] = member.connections, upTo = all.at(-1)?.id;
  if (first === undefined || upTo === undefined) return;
  for (const connection of messages.length === 0 ? [] : member.connections) {
    if (isApp(connection)) {
      for (const message of messages) chat.effects.toConnection(connection.id, message);
      continue;
    }
    const { at } = chat,
      text = `While you were away, you got ${plural(messages.length, "private message")}:`;
    chat.effects.toConnection(connection.id, { kind: "notice", text, at });
    chat.effects.toConnection(connection.id, { kind: "history page", messages, at });
    for (const { from, id } of messages) {
      noteRead(chat, member, { mark: { person: from, upTo: id } });
    }
  }
  const last = messages.at(-1);
  if (last !== undefined) {
    const { by, from: name } = last;
    member.lastFrom = { member: by.member, account: by.account, name };
  }
  chat.effects.push({
    ...{ kind: "job", connection: first.id, job: { kind: "hand over", account, upTo } },
    ...{ answers: undefined, isAwaited: undefined },
  });
}

/** Removes an account, with all that is kept for it. */
export function removeAccount(chat: Chat, id: AccountId): void {
  chat.accounts.remove(id);
  chat.kept.remove(id);
  chat.waiting.remove(id);
}

/** Adds the names that an account ignores to those that a member ignores. */
function ignoreAgain(chat: Chat, member: Member, { id }: Account): void {
  const now = ignoredBy(member);
  for (const name of chat.kept.ignored(id)) {
    if (now.has(name) || now.size >= MOST_IGNORED) continue;
    const bearer = whom(chat, name, "alike")?.member;
    if (bearer === member) continue;
    now.add(name);
    chat.ignorers.add(member, name, bearer);
  }
}

/**
 * Enters the rooms of the last visit: an app all of them; over lines the last one, if it is still in the lobby. Of
 * several line connections, which look at different rooms, none is moved.
 */
function enterAgain(chat: Chat, member: Member, { id }: Account): void {
  const names = chat.kept.rooms(id);
  const app = member.connections.find(isApp), [first, ...others] = member.connections;
  if (app !== undefined) {
    for (const name of names) reenter(chat, { member, connection: app }, name);
  } else if (first?.room === chat.rooms.lobby && others.length === 0 && names.length > 0) {
    reenter(chat, { member, connection: first }, names.at(-1)!);
  }
}
