// What the house does from time to time: crowds are told who came and went, rooms and bans that are over
// go, and what other programs have changed on disk comes into force.

import { Accounts } from "./accounts.ts";
import { Bans, modernize } from "./bans.ts";
import type { House } from "./house.ts";
import type { Member } from "./member.ts";
import { unreadable } from "./recollection.ts";
import { tellTraffic } from "./traffic.ts";

/** Does what is due every few seconds. */
export function tick(house: House): void {
  for (const room of house.rooms.all()) tellTraffic(house, room);
  if (house.isSureOfTime) {
    house.rooms.expire();
    for (const { kind, subject } of house.bans.takeExpired(house.dueAt)) {
      house.keep({ kind: "unban", ban: { kind, subject } });
    }
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

/** Each operator is told once when the history fails, and once when it is well again. */
function watchHistory(house: House): void {
  const { trouble, readTrouble } = house.options.history;
  const { kept, read } = house.toldOfTrouble;
  const keeps = trouble === undefined
    ? "The history is being kept again."
    : `The history cannot be kept just now (${trouble}): the room goes on without it.`;
  const reads = readTrouble === undefined
    ? "The history can be read again."
    : unreadable(readTrouble);
  tellOperators(house, { told: kept, isWell: trouble === undefined, text: keeps });
  tellOperators(house, { told: read, isWell: readTrouble === undefined, text: reads });
}

function tellOperators(
  house: House,
  { told, isWell, text }: { told: WeakSet<Member>; isWell: boolean; text: string },
): void {
  for (const member of house.members.values()) {
    if (!member.account?.isOperator || told.has(member) !== isWell) continue;
    house.tell(member, text);
    if (isWell) told.delete(member);
    else told.add(member);
  }
}
