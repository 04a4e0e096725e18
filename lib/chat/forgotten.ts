// Whose words are to be forgotten: an admin command deletes all messages by and to somebody.

import type { Forgotten } from "./history.ts";
import type { Message } from "./message.ts";
import { nameKey } from "./names.ts";

/** Makes a test for messages by or to somebody who is forgotten, up to a number. */
export function theirs(
  { name, account }: Forgotten,
  upTo = Infinity,
): (message: Pick<Message, "id" | "by" | "to" | "from">) => boolean {
  const key = nameKey(name);
  const is = (named: string, whose: number | undefined) =>
    account !== undefined && whose === account || named === name || nameKey(named) === key;
  return ({ id, from, by, to }) =>
    id <= upTo && (is(from, by.account) || to !== undefined && is(to.name, to.account));
}
