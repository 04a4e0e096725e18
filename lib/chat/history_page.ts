// What was said before, as much of it as one may be sent at once.

import type { HistoryPage, Message } from "./event.ts";
import type { History } from "./history.ts";
import { wantsAgain } from "./member.ts";
import type { Refusal } from "./refusals.ts";
import type { Effect } from "./effects.ts";

/** Characters of a message besides its text: a name and a time. */
const HEAD = 35;

/** What is recalled with, at a time (epoch ms): at most so many characters. */
export interface PageOptions {
  readonly history: History;
  readonly at: number;
  readonly most: number;
}

/** That earlier messages could not be read, and why. */
export function unreadable(why: string): Refusal {
  return { code: "unreadable", text: `The history cannot be read at the moment: ${why}.` };
}

/** Takes what a member wants out of the history, without those whom it ignores. */
export function readPage(
  { room, wanted, filter }: Extract<Effect, { kind: "recall" }>,
  { history, at, most }: PageOptions,
): HistoryPage {
  const isForward = wanted.after !== undefined;
  // Nearest first: what is cut off is what is farthest from where it was asked for.
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

/** How many of them have at most so many characters together; one at least. */
function fitting(messages: readonly Message[], most: number): number {
  let size = 0;
  const end = messages.findIndex(({ text }) => (size += HEAD + text.length) > most);
  return end === -1 ? messages.length : Math.max(end, 1);
}
