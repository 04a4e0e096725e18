// Sending messages: to a room, or to one member.

import type { Chat } from "./chat.ts";
import type { Effect } from "./effects.ts";
import { networkOf } from "./address.ts";
import type { Account } from "./history.ts";
import { type Connection, isApp, isIn, type Member } from "./member.ts";
import type { ConnectionId, Message } from "./message.ts";
import { awayWords, silenced } from "./messages.ts";
import { author, type Room } from "./room.ts";
import { tellPresence } from "./show.ts";
import { introduce } from "./traffic.ts";
import { noteRead } from "./visit.ts";

/** Who says something, on which connection, and in which room. */
interface Place {
  readonly member: Member;
  readonly connection: Connection;
  readonly room: Room;
}

/** Sends a member's message to a room that it is in. */
export function say(
  chat: Chat,
  { member, connection, room }: Place,
  words: Pick<Message, "kind" | "text">,
): void {
  const refusal = silenced(chat, member);
  if (refusal !== undefined) return chat.refuse(member, refusal);
  const message: Message = {
    kind: words.kind,
    id: chat.nextMessage(),
    at: chat.at,
    by: author(member),
    from: member.name,
    text: words.text,
    room: room.tag,
    ...chat.nonce !== undefined && { nonce: chat.nonce },
  };
  chat.rooms.ensureKept(room);
  room.newest = message.id;
  chat.keep({ kind: "said", message });
  room.said.add(message);
  introduce(chat, { member, room });
  chat.effects.toRoom(room, { ...message, via: connection.id });
  if (!connection.hears) hearFromNowOn(chat, { connection, room });
}

/** Sends a member's message to one other: to all connections of both. */
export function sayTo(
  chat: Chat,
  { member, connection, to }: Omit<Place, "room"> & { readonly to: Member },
  text: string,
): void {
  const message = privateMessage(chat, { member, connection }, {
    text,
    to: { ...author(to), name: to.name },
  });
  if (to !== member) chat.effects.toAll(to, message);
  if (!to.filter?.ids.has(member.id)) {
    to.lastFrom = { member: member.id, account: member.account?.id, name: member.name };
    const isRead = to.connections.some((each) => !isApp(each));
    if (isRead) noteRead(chat, to, { mark: { person: member.name, upTo: message.id } });
    if (to.account !== undefined) beginTalk(chat, to.account, message);
  }
  if (to.away) {
    tellPresence(chat, member, { name: to.name, presence: "away" });
    chat.tell(member, `${to.name} is away${awayWords(chat, member, to) || "."}`);
  }
  if (to.isLost) {
    tellPresence(chat, member, { name: to.name, presence: "lost" });
    chat.tell(member, `${to.name}'s connection is lost: they see this if it comes back.`);
  }
}

/** Has a member's message wait for an account that is not here, or says why not. */
export function leaveWords(
  chat: Chat,
  { member, connection, to }: Omit<Place, "room"> & { readonly to: Account },
  text: string,
): void {
  const network = networkOf(connection.address), { id: account, name } = to;
  const refusal = chat.waiting.refusal(to, { account: member.account?.id, network });
  if (refusal !== undefined) return chat.refuse(member, refusal);
  const { via: _, ...message } = privateMessage(chat, { member, connection }, {
    text,
    to: { member: 0, account, name },
  });
  // Whoever is ignored is not told so, here as elsewhere: their words count like others, and are not handed over.
  chat.waiting.add({ account, message, network });
  if (!chat.kept.ignores(account, member.name)) beginTalk(chat, to, message);
  tellPresence(chat, member, { name, presence: "absent" });
  chat.tell(member, `${name} is not here: your message waits, and is shown when ${name} comes.`);
}

/** Notes that an account has read nothing of a talk yet, unless it is known how far it has. */
function beginTalk({ kept }: Chat, { id: account }: Account, { from: person, id }: Message): void {
  if (kept.read(account, { person }) === undefined) {
    kept.noteRead(account, { person, upTo: id - 1 });
  }
}

/** Makes a private message, has it kept, and sends it to all connections of its author. */
function privateMessage(
  chat: Chat,
  { member, connection }: Omit<Place, "room">,
  { text, to }: Pick<Message, "text"> & { readonly to: NonNullable<Message["to"]> },
): Message & { readonly via: ConnectionId } {
  const message: Message = {
    kind: "private",
    id: chat.nextMessage(),
    at: chat.at,
    by: author(member),
    from: member.name,
    text,
    to,
    ...chat.nonce !== undefined && { nonce: chat.nonce },
  };
  chat.keep({ kind: "said", message });
  chat.whispered.add(message);
  const said = { ...message, via: connection.id };
  chat.effects.toAll(member, said);
  return said;
}

/**
 * v0.1: a member is sent what is read after its own first message; a message that found no hearer at all
 * waits for the first one. The order of effects does this: say, then enter; or, in an empty room, enter,
 * then say.
 */
function hearFromNowOn(chat: Chat, { connection, room }: Omit<Place, "member">): void {
  connection.hears = true;
  const enter: Effect = { kind: "enter", room: connection.room.id, connection: connection.id };
  const alone = connection.room === room &&
    !room.members.values().some(({ id }) =>
      chat.members.get(id)!.connections.some((each) =>
        each !== connection && each.hears && isIn(each, room)
      )
    );
  if (alone) chat.effects.pushBeforeLast(enter);
  else chat.effects.push(enter);
}
