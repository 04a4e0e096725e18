// What the house does from time to time: crowds are told who came and went, rooms and bans that are over
// go, and what other programs have changed on disk comes into force.

import { Accounts } from "./accounts.ts";
import { Bans, modernize } from "./bans.ts";
import type { House } from "./house.ts";
import { tellTraffic } from "./traffic.ts";

/** Does what is due every few seconds. */
export function tick(house: House): void {
  for (const room of house.rooms.all()) tellTraffic(house, room);
  house.rooms.expire();
  for (const { kind, subject } of house.bans.takeExpired(house.at)) {
    house.keep({ kind: "unban", ban: { kind, subject } });
  }
  watchHistory(house);
}

/** Takes over what another program has changed on disk. */
export function reload(house: House): void {
  const saved = house.options.history.changed();
  if (saved === undefined) return;
  house.accounts = new Accounts(saved.accounts, saved.lastAccount);
  house.bans = new Bans(saved.bans.flatMap((ban) => modernize(ban) ?? []));
  for (const member of house.members.values()) {
    if (member.account === undefined) continue;
    const account = house.accounts.get(member.account.id);
    if (account === undefined) house.identify(member, undefined);
    else member.account = account;
  }
}

/** Operators are told once when the history fails, and once when it is well again. */
function watchHistory(house: House): void {
  const { trouble } = house.options.history;
  if ((trouble !== undefined) === house.isTroubled) return;
  house.isTroubled = trouble !== undefined;
  const text = trouble === undefined
    ? "The history is being kept again."
    : `The history cannot be kept just now (${trouble}): the room goes on without it.`;
  for (const member of house.members.values()) {
    if (member.account?.isOperator) house.tell(member, text);
  }
}
