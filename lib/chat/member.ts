// A member: one connection that has joined. Only the writer touches its state.

import type { Delivery, Encoder, MemberId, Message, Outbox } from "./event.ts";
import type { Account, AccountId, Ban } from "./history.ts";
import { lookalikes } from "./names.ts";
import type { Room } from "./room.ts";

/** Someone who is here. */
export interface Member {
  readonly id: MemberId;
  readonly encoder: Encoder;
  readonly outbox: Outbox;
  /** Its IP address, the last one if it has moved; and whether nobody on the way can read along. */
  address: string;
  readonly isPrivate: boolean;
  name: string;
  /** The account it is identified for. */
  account: Account | undefined;
  /** By which its app may come back. */
  readonly token: string | undefined;
  /** Whether it is an app: told of states by state changes, and maybe in several rooms at once. */
  readonly isApp: boolean;
  /** Where it is, in the order in which it entered: one room, if it is no app. */
  readonly rooms: Set<Room>;
  /** The one that it entered last: what it types is for that, where it names none. */
  room: Room;
  /** Whether it hears its room: from the start, or from its first words on (v0.1). */
  hears: boolean;
  /** What it is not to be sent, by the events handled so far; and by what was fanned out so far. */
  filter: Filter | undefined;
  hearing: Filter | undefined;
  /** Why it is away; empty when it is not. */
  away: string;
  /** Who wrote to it last, for /reply. */
  lastFrom: Correspondent | undefined;
  /** Its connection's own mute: that of a guest, whose name is another's next time. */
  mute: Ban | undefined;
  /** What it has begun and is to go on with, once it has. */
  pending: Pending | undefined;
}

/** Who wrote, by connection and, once they are identified, by account; and the name borne then. */
export interface Correspondent {
  readonly member: MemberId;
  account: AccountId | undefined;
  readonly name: string;
}

/** What a member is not to be sent. */
export interface Filter {
  /** Its own lines are not sent back to it. */
  readonly isEcholess: boolean;
  /** Those whom it ignores: by number while they are here, and by every key of the name whenever they come. */
  readonly ids: ReadonlySet<MemberId>;
  readonly names: ReadonlyMap<string, string>;
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
export function wants({ id, hearing }: Member, delivery: Delivery): boolean {
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
