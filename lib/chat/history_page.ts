// Pages of history: as many earlier messages as may be sent at once.

import type { HistoryPage } from "./event.ts";
import type { Message } from "./message.ts";
import type { History } from "./history.ts";
import { wantsAgain } from "./member.ts";
import type { Refusal } from "./refusals.ts";
import type { Effect } from "./effects.ts";

/** Characters that a message counts for besides its text: a name and a time. */
const HEAD = 35;

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
  { room, wanted, filter }: Extract<Effect, { kind: "recall" }>,
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
