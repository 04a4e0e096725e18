// A member: one connection that has joined. Only the writer touches its state.

import type { Delivery, Join } from "./event.ts";
import type { Ban } from "./history.ts";
import type { AccountId, MemberId, Message } from "./message.ts";
import { lookalikes } from "./names.ts";
import type { Filter, Occupant } from "./occupant.ts";
import type { Room } from "./room.ts";

/** Someone who is here. */
export interface Member extends Occupant {
  /** Its IP address, the last one if it has moved; and whether nobody on the way can read along. */
  address: string;
  readonly isPrivate: boolean;
  /** By which its app may come back. */
  readonly token: string | undefined;
  /** Whether it is an app: told of states by state changes, and maybe in several rooms at once. */
  readonly isApp: boolean;
  /** Where it is, in the order in which it entered: one room, if it is no app. */
  readonly rooms: Set<Room>;
  /** The one that it entered last: what it types is for that, where it names none. */
  room: Room;
  /** What it is not to be sent, by the events handled so far. */
  filter: Filter | undefined;
  /** Who wrote to it last, for /reply. */
  lastFrom: Correspondent | undefined;
  /** Its connection's own mute: that of a guest, whose name is another's next time. */
  mute: Ban | undefined;
  /** What it has begun and is to go on with, once it has. */
  pending: Pending | undefined;
}

/** A connection that has just come in, as a member. */
export function newMember(
  { id, encoder, outbox, address, isPrivate, hears, isApp, token }: Join,
  { name, room }: { name: string; room: Room },
): Member {
  return {
    id,
    encoder,
    outbox,
    address,
    isPrivate,
    name,
    account: undefined,
    isApp,
    token,
    rooms: new Set(),
    room,
    hears,
    filter: undefined,
    hearing: undefined,
    away: "",
    lastFrom: undefined,
    mute: undefined,
    pending: undefined,
  };
}

/** Who wrote, by connection and, once they are identified, by account; and the name borne then. */
export interface Correspondent {
  readonly member: MemberId;
  account: AccountId | undefined;
  readonly name: string;
}

/** Nothing is kept from a member. */
export const NO_FILTER: Filter = { isEcholess: false, ids: new Set(), names: new Map() };

/** What a member has begun. */
export interface Pending {
  /** A job is under way: one at a time. */
  isWaiting: boolean;
  /** The client's own number for what began it, if it gave one. */
  answers: number | undefined;
  /** A registered name that it wants, and has not shown to be its own. */
  claims: string;
  /** It was told that its password can be read on the way. */
  isWarned: boolean;
}

/** What a member has begun, to be changed. */
export function pending(member: Member): Pending {
  return member.pending ??= { isWaiting: false, answers: undefined, claims: "", isWarned: false };
}

/** Whether a member is to be sent this: not its own words without an echo, nor those of the ignored. */
export function wants({ id, hearing }: Occupant, delivery: Delivery): boolean {
  if (hearing === undefined || !("by" in delivery)) return true;
  const by = delivery.kind === "notice" ? delivery.by : delivery.by.member;
  if (by === id) return !hearing.isEcholess || delivery.kind === "notice";
  return by === undefined || !hearing.ids.has(by);
}

/** The same of what was said earlier, maybe by somebody who is not here any more. */
export function wantsAgain({ names, ids }: Filter, message: Message): boolean {
  return !ids.has(message.by.member) && ignoredAs({ names }, message.from) === undefined;
}

/** By which name somebody is ignored who bears this one, or did so. */
export function ignoredAs({ names }: Pick<Filter, "names">, name: string): string | undefined {
  if (names.size === 0) return;
  for (const key of lookalikes(name)) {
    const ignored = names.get(key);
    if (ignored !== undefined) return ignored;
  }
}
