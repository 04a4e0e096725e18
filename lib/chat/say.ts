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
  chat.effects.toRoom(room, message);
  if (!connection.hears) hearFromNowOn(chat, { member, connection, room });
}

/** Sends a member's message to one other. */
export function sayTo(
  chat: Chat,
  { member, to }: { member: Member; to: Member },
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
  chat.effects.toMember(member, message);
  if (to !== member) chat.effects.toMember(to, message);
  if (!to.filter?.ids.has(member.id)) {
    to.lastFrom = { member: member.id, account: member.account?.id, name: member.name };
  }
  if (to.away) chat.tell(member, `${to.name} is away${awayWords(chat, member, to) || "."}`);
}

/**
 * v0.1: a member is sent what is read after its own first message; a message that found no hearer at all
 * waits for the first one. The order of effects does this: say, then enter; or, in an empty room, enter,
 * then say.
 */
function hearFromNowOn(chat: Chat, { member, connection, room }: Place): void {
  connection.hears = true;
  const enter: Effect = { kind: "enter", room: room.id, connection: connection.id };
  const alone = !room.members.values().some((other) =>
    other !== member && chat.members.get(other.id)!.connections.some(({ hears }) => hears)
  );
  if (alone) chat.effects.pushBeforeLast(enter);
  else chat.effects.push(enter);
}
