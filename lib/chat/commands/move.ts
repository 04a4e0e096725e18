// From one room into another, for /join and /leave; an app stays in the one as well.

import type { Chat } from "../chat.ts";
import type { Member } from "../member.ts";
import { NAMES_GREETED, type Room } from "../room.ts";

/** Moves a member, and tells it where it is. */
export function move(chat: Chat, member: Member, room: Room): void {
  if (member.isApp) return chat.enter(member, room);
  chat.exit(member, member.room);
  arrive(chat, member, room);
}

/** Puts a member that is in no room into one, and tells it where it is. */
export function arrive(chat: Chat, member: Member, room: Room): void {
  const others = room.names(NAMES_GREETED);
  chat.enter(member, room);
  chat.tell(
    member,
    `You are in #${room.name}${room.isLocked ? " (locked)" : ""}. ` +
      (others ? `Here: ${others}.` : "You are the first here."),
    ...(room.topic ? [`Topic: ${room.topic}`] : []),
  );
}
