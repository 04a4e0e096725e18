// Pages of history: as many earlier messages as may be sent at once.

import type { Chat } from "./chat.ts";
import type { HistoryPage } from "./delivery.ts";
import type { PageOrder } from "./effects.ts";
import type { Range } from "./event.ts";
import type { History } from "./history.ts";
import { type Connection, NO_FILTER, wantsAgain } from "./member.ts";
import type { Message } from "./message.ts";
import type { Refusal } from "./refusals.ts";
import { author, type Room } from "./room.ts";

/** Characters that a message counts for besides its text: a name and a time. */
const HEAD = 35;

/** Which earlier messages to send: of a room, of the member's private ones, or of both. */
export interface PageRequest {
  readonly room?: Room;
  readonly isMine?: boolean;
  readonly range: Range;
  /** The client's own number for the request, if it gave one. */
  readonly answers?: number;
}

/** Has a page of history sent to a connection, as of the events so far. */
export function requestPage(
  chat: Chat,
  { id: connection }: Connection,
  { room, isMine = false, range, answers }: PageRequest,
): void {
  const member = chat.connections.get(connection)!;
  const { before = Infinity, after, count } = range;
  const upTo = Math.min(chat.lastMessage, before - 1);
  const wanted = {
    ...{ room: room?.id, reader: isMine ? author(member) : undefined },
    ...{ upTo, after, count },
  };
  const filter = member.filter ?? NO_FILTER;
  chat.effects.push({ kind: "recall", connection, room: room?.tag, wanted, filter, answers });
}

/** How to read a page: at which time (epoch ms), and at most how many characters. */
export interface PageOptions {
  readonly history: History;
  readonly at: number;
  readonly most: number;
}

/** Says that earlier messages could not be read, and why. */
export function unreadable(why: string): Refusal {
  return { code: "unreadable", text: `The history cannot be read at the moment: ${why}.` };
}

/** Reads a page from the history, without messages of those whom the member ignores. */
export function readPage(
  { room, wanted, filter }: PageOrder,
  { history, at, most }: PageOptions,
): HistoryPage {
  const isForward = wanted.after !== undefined;
  // Nearest first: what is cut off is farthest from the message it was asked from.
  const found = history.recall({ ...wanted, count: wanted.count + 1, enough: most });
  const nearest = isForward ? found : found.toReversed();
  const count = fitting(nearest.slice(0, wanted.count), most);
  const taken = isForward ? nearest.slice(0, count) : nearest.slice(0, count).reverse();
  return {
    kind: "history page",
    room,
    messages: taken.filter((message) => wantsAgain(filter, message)),
    at,
    next: count < nearest.length ? nearest[count - 1]?.id : undefined,
  };
}

/** How many messages have at most this many characters together; at least one. */
function fitting(messages: readonly Message[], most: number): number {
  let size = 0;
  const end = messages.findIndex(({ text }) => (size += HEAD + text.length) > most);
  return end === -1 ? messages.length : Math.max(end, 1);
}
