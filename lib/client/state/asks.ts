// What the client asks the server for, by what it has of a conversation: earlier messages, who is in a room, and
// whether somebody is here.

import type { Asked } from "../frames.ts";
import type { Conversation } from "./conversation.ts";
import { Room } from "./room.ts";

/** How many earlier messages to ask for at once: when the user scrolls up, and to fill a gap. */
export const PAGE = 50, FILL = 200;
/** Most members of a room that the server names. */
const MOST_NAMED = 100;

/** What to ask for to load further back; undefined if there is no more, or it is under way. */
export function askBack(conversation: Conversation): Asked | undefined {
  const { past, isFull } = conversation;
  const room = conversation instanceof Room ? conversation : undefined;
  if (past.isAsked || past.older === undefined || isFull || room?.isIn === false) {
    return undefined;
  }
  past.ask();
  return askFor(room, { before: past.older, count: PAGE });
}

/** What to ask for so that all unread messages of a room are there. */
export function askUnread(conversation: Conversation | undefined): readonly Asked[] {
  if (!(conversation instanceof Room) || !conversation.lacksUnread) return [];
  conversation.past.ask();
  return [askFor(conversation, { before: conversation.past.older!, count: FILL })];
}

/** What to ask for if the members of a room are not known any more. Of a crowd only some are named. */
export function askWho(conversation: Conversation): readonly Asked[] {
  if (!(conversation instanceof Room) || !conversation.isStale || conversation.size > MOST_NAMED) {
    return [];
  }
  conversation.isStale = false;
  return [{ type: "members", room: conversation.name }];
}

/** What to ask for to know whether the other one in a private conversation is here. */
export function askPresence({ kind, name }: Conversation): readonly Asked[] {
  return kind === "person" ? [{ type: "person", name }] : [];
}

/** A request for messages of a room or, without one, for private ones. */
export function askFor(
  room: Room | undefined,
  range: { before: number; count: number },
): Asked {
  return { type: "history", ...(room ? { room: room.name } : { private: true }), ...range };
}
