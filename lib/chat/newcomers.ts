// Newcomers: members who have said nothing yet. They hear everything, and the others know nothing of them: they
// are in no list and no count. Those who leave so were never there: port scans, spare connections of browsers.

import type { Chat } from "./chat.ts";
import { isIn, type Member } from "./member.ts";
import { hear, look } from "./show.ts";
import { tellJoined } from "./traffic.ts";

/** Whether the others know nothing of a member yet. */
export function isNewcomer({ announceAt }: Member): boolean {
  return announceAt !== undefined;
}

/** Tells a newcomer's rooms that they are here. They themselves know; an app of theirs is told who is there now. */
export function announce(chat: Chat, member: Member): void {
  if (!isNewcomer(member)) return;
  member.announceAt = undefined;
  chat.newcomers.delete(member);
  for (const room of member.rooms) {
    // They may have come into it by a /join that told it so.
    if (room.members.has(member)) continue;
    const connections = member.connections.filter((each) => isIn(each, room));
    for (const { id: connection } of connections) {
      chat.effects.push({ kind: "exit", room: room.id, connection });
    }
    room.members.add(member);
    tellJoined(chat, { member, room });
    for (const connection of connections) {
      if (connection.hears) hear(chat, connection, room);
      look(chat, connection, room);
    }
  }
}

/** Announces the newcomers who have stayed long enough. */
export function announceDue(chat: Chat): void {
  for (const member of chat.newcomers) {
    if (member.announceAt! <= chat.dueAt) announce(chat, member);
  }
}
