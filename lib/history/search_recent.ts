// Looks for words in what memory has, with a rest now and then.

import type { Message } from "../chat/message.ts";
import type { Search } from "../chat/history.ts";
import type { Recent } from "./recent.ts";
import { createPause } from "./turn.ts";
import { matches, toQuery } from "./words.ts";

/** Characters between two rests, 3 ms' worth; and what a message counts for besides its text. */
const SLICE = 32_000, HEAD = 20;

/** Messages with all the words where one may read, newest first. */
export async function searchRecent(
  recent: Recent,
  { words, reader, rooms, count }: Search,
): Promise<Message[]> {
  const query = toQuery(words);
  if (query.length === 0) return [];
  const pause = createPause();
  let size = 0;
  const select = async (messages: readonly Message[], mayRead = () => true) => {
    const found: Message[] = [];
    for (const message of messages.toReversed()) {
      size += HEAD + message.text.length;
      if (size > SLICE) {
        size = 0;
        await pause();
        // It may have been locked meanwhile.
        if (!mayRead()) return [];
      }
      if (matches(message.text, query) && found.push(message) === count) break;
    }
    return found;
  };
  const found = await select(recent.privatesOf(reader));
  for (const id of recent.rooms()) {
    const mayRead = () => rooms(id) === true;
    if (mayRead()) found.push(...await select(recent.room(id).all(), mayRead));
  }
  return found.sort((a, b) => b.id - a.id).slice(0, count);
}
