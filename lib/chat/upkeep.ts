// What the chat does from time to time: it tells crowds who joined and left, drops rooms and bans that are
// over, and takes over what other programs have changed on disk.

import { Accounts } from "./accounts.ts";
import { Bans, modernize } from "./bans.ts";
import type { Chat } from "./chat.ts";
import type { Member } from "./member.ts";
import { unreadable } from "./history_page.ts";
import { tellTraffic } from "./traffic.ts";

/** Does what is due every few seconds. */
export function tick(chat: Chat): void {
  for (const room of chat.rooms.all()) tellTraffic(chat, room);
  if (chat.isSureOfTime) {
    chat.rooms.expire();
    for (const { kind, subject } of chat.bans.takeExpired(chat.dueAt)) {
      chat.keep({ kind: "unban", ban: { kind, subject } });
    }
  }
  watchHistory(chat);
}

/** Takes over what another program has changed on disk. */
export function reload(chat: Chat): void {
  const saved = chat.options.history.changed();
  if (saved === undefined) return;
  chat.accounts = new Accounts(saved.accounts, saved.lastAccount);
  chat.bans = new Bans(saved.bans.flatMap((ban) => modernize(ban) ?? []));
  for (const member of chat.members.values()) {
    if (member.account === undefined) continue;
    const account = chat.accounts.get(member.account.id);
    if (account === undefined) chat.identify(member, undefined);
    else member.account = account;
  }
}

/** Tells each operator once when the history fails, and once when it works again. */
function watchHistory(chat: Chat): void {
  const { trouble, readTrouble } = chat.options.history;
  const { kept, read } = chat.toldOfTrouble;
  const keeps = trouble === undefined
    ? "The history is saved again."
    : `The history cannot be saved at the moment (${trouble}): the chat goes on without it.`;
  const reads = readTrouble === undefined
    ? "The history can be read again."
    : unreadable(readTrouble).text;
  tellOperators(chat, { told: kept, isWell: trouble === undefined, text: keeps });
  tellOperators(chat, { told: read, isWell: readTrouble === undefined, text: reads });
}

function tellOperators(
  chat: Chat,
  { told, isWell, text }: { told: WeakSet<Member>; isWell: boolean; text: string },
): void {
  for (const member of chat.members.values()) {
    if (!member.account?.isOperator || told.has(member) !== isWell) continue;
    chat.tell(member, text);
    if (isWell) told.delete(member);
    else told.add(member);
  }
}
