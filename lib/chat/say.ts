// Sending messages: to a room, or to one member.

import type { Chat } from "./chat.ts";
import type { Effect } from "./effects.ts";
import type { Connection, Member } from "./member.ts";
import type { Message } from "./message.ts";
import { awayWords, silenced } from "./messages.ts";
import { author, type Room } from "./room.ts";
import { introduce } from "./traffic.ts";

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
  };
  chat.rooms.ensureKept(room);
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
  const message: Message = {
    kind: "private",
    id: chat.nextMessage(),
    at: chat.at,
    by: author(member),
    from: member.name,
    text,
    to: { ...author(to), name: to.name },
  };
  chat.keep({ kind: "said", message });
  chat.whispered.add(message);
  const said = { ...message, via: connection.id };
  chat.effects.toAll(member, said);
  if (to !== member) chat.effects.toAll(to, said);
  if (!to.filter?.ids.has(member.id)) {
    to.lastFrom = { member: member.id, account: member.account?.id, name: member.name };
  }
  if (to.away) chat.tell(member, `${to.name} is away${awayWords(chat, member, to) || "."}`);
  if (to.isLost) {
    chat.tell(member, `${to.name}'s connection is lost: they see this if it comes back.`);
  }
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
      chat.members.get(id)!.connections.some((each) => each !== connection && each.hears)
    );
  if (alone) chat.effects.pushBeforeLast(enter);
  else chat.effects.push(enter);
}
