// A member: a connection that has joined. Only the writer touches its state.

import type { Delivery, Join } from "./event.ts";
import type { Ban } from "./history.ts";
import type { AccountId, MemberId, Message } from "./message.ts";
import { lookalikes } from "./names.ts";
import type { Filter, Occupant } from "./occupant.ts";
import type { Room } from "./room.ts";

/** A person who is here. */
export interface Member extends Occupant {
  /** Its IP address, the latest if it has moved; and whether nobody on the way can read its traffic. */
  address: string;
  readonly isPrivate: boolean;
  /** The token by which its app may come back. */
  readonly token: string | undefined;
  /** Whether it is an app: it is sent state changes, and may be in several rooms at once. */
  readonly isApp: boolean;
  /** Its rooms, in the order in which it entered them; only one unless it is an app. */
  readonly rooms: Set<Room>;
  /** The room it entered last: what it types goes there unless it names another. */
  room: Room;
  /** What it is not sent, as of the events handled so far. */
  filter: Filter | undefined;
  /** Who wrote to it last, for /reply. */
  lastFrom: Correspondent | undefined;
  /** A guest's own mute. It belongs to the connection, since the next guest may get the same name. */
  mute: Ban | undefined;
  /** What it has begun and not finished yet. */
  pending: Pending | undefined;
}

/** Makes a member of a connection that has just joined. */
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

/** The author of a private message: their connection, their account if identified, and their name then. */
export interface Correspondent {
  readonly member: MemberId;
  account: AccountId | undefined;
  readonly name: string;
}

/** The filter that lets everything through. */
export const NO_FILTER: Filter = { isEcholess: false, ids: new Set(), names: new Map() };

/** What a member has begun and not finished yet. */
export interface Pending {
  /** A job is under way: one at a time. */
  isWaiting: boolean;
  /** The client's number for the input that began it, if it gave one. */
  answers: number | undefined;
  /** A registered name that it asks for, and has not yet proved to be its own. */
  claims: string;
  /** Whether it was told that others can read its password on the way. */
  isWarned: boolean;
}

/** What a member has begun, for its caller to change. */
export function pending(member: Member): Pending {
  return member.pending ??= { isWaiting: false, answers: undefined, claims: "", isWarned: false };
}

/** Whether a member is sent this: no messages of people it ignores, nor its own if it has no echo. */
export function wants({ id, hearing }: Occupant, delivery: Delivery): boolean {
  if (hearing === undefined || !("by" in delivery)) return true;
  const by = delivery.kind === "notice" ? delivery.by : delivery.by.member;
  if (by === id) return !hearing.isEcholess || delivery.kind === "notice";
  return by === undefined || !hearing.ids.has(by);
}

/** The same for an earlier message, whose author may have left. */
export function wantsAgain({ names, ids }: Filter, message: Message): boolean {
  return !ids.has(message.by.member) && ignoredAs({ names }, message.from) === undefined;
}

/** The ignored name that keeps out somebody who has, or had, this name. */
export function ignoredAs({ names }: Pick<Filter, "names">, name: string): string | undefined {
  if (names.size === 0) return;
  for (const key of lookalikes(name)) {
    const ignored = names.get(key);
    if (ignored !== undefined) return ignored;
  }
}
