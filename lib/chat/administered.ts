// What another program has changed on disk, as an event: the difference between what the history keeps now and
// what the chat knows. Looked at outside the fold, between two batches.

import { modernize } from "./bans.ts";
import type { Chat } from "./chat.ts";
import type { Administered, Change } from "./event.ts";
import type { Account, Ban, Changeable } from "./history.ts";

/** The changes that make the chat's accounts and bans those of the history. */
export function administered({ accounts, bans }: Chat, saved: Changeable): Administered {
  const changes: Change[] = [];
  const ids = new Set(saved.accounts.map(({ id }) => id));
  for (const { id } of accounts.all()) {
    if (!ids.has(id)) changes.push({ kind: "account gone", id });
  }
  for (const account of saved.accounts) {
    if (!isSameAccount(accounts.get(account.id), account)) {
      changes.push({ kind: "account", account });
    }
  }
  const today = saved.bans.flatMap((ban) => modernize(ban) ?? []);
  for (const ban of bans.all()) {
    if (!today.some((each) => each.kind === ban.kind && each.subject === ban.subject)) {
      changes.push({ kind: "unban", ban: { kind: ban.kind, subject: ban.subject } });
    }
  }
  for (const ban of today) {
    if (!isSameBan(bans.get(ban), ban)) changes.push({ kind: "ban", ban });
  }
  const { lastAccount, forgotten = [], isOfNetwork } = saved;
  for (const whom of forgotten) changes.push({ kind: "forgotten", whom });
  const event: Administered = { kind: "administered", changes, lastAccount };
  return isOfNetwork ? { ...event, isKept: true } : event;
}

function isSameAccount(one: Account | undefined, other: Account): boolean {
  return one !== undefined && one.name === other.name && one.hash === other.hash &&
    one.isOperator === other.isOperator;
}

function isSameBan(one: Ban | undefined, other: Ban): boolean {
  return one !== undefined && one.shown === other.shown && one.why === other.why &&
    one.by === other.by && one.until === other.until;
}
