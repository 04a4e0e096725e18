// What was said lately, in memory: a ring for every room, and one for all private messages.

import type { AccountId, Message } from "../chat/message.ts";
import type { Forgotten, Recall } from "../chat/history.ts";
import { nameKey } from "../chat/names.ts";
import { isSame } from "../chat/room.ts";
import { type Extent, MOST_MESSAGES, Ring } from "./ring.ts";

/** The last messages of a room that were kept elsewhere, oldest first; undefined where they cannot be had. */
export type LoadRoom = (room: number) => readonly Message[] | undefined;

/** What was kept elsewhere, oldest first. */
export interface Stored {
  ofRoom(room: number, extent: Extent): readonly Message[];
  /** An account's private messages. */
  ofAccount(account: AccountId, extent: Extent): readonly Message[];
}

const NOTHING: Stored = { ofRoom: () => [], ofAccount: () => [] };

/** Recent messages. */
export class Recent {
  readonly #rooms = new Map<number, Ring>();
  readonly #privates: Ring;
  readonly #load: LoadRoom;

  /** `load` fills a ring when it is made; without it nothing was said before. */
  constructor(load?: LoadRoom) {
    this.#load = load ?? (() => []);
    this.#privates = new Ring(load === undefined ? 0 : Infinity);
  }

  /** Notes that the private messages behind this number are all here. */
  hasPrivatesBehind(id: number): void {
    this.#privates.isWholeBehind(id);
  }

  /** The ring of a room, made if need be. */
  room(id: number): Ring {
    let ring = this.#rooms.get(id);
    if (ring === undefined) {
      const loaded = this.#load(id);
      const isAll = loaded !== undefined && loaded.length < MOST_MESSAGES;
      this.#rooms.set(id, ring = new Ring(isAll ? 0 : Infinity));
      for (const message of loaded ?? []) ring.add(message);
    }
    return ring;
  }

  /** The numbers of the rooms that have a ring. */
  rooms(): number[] {
    return [...this.#rooms.keys()];
  }

  /** Private messages by or to this reader, oldest first. */
  privatesOf(reader: NonNullable<Recall["reader"]>): Message[] {
    return this.#privates.all().filter(({ by, to }) => isSame(by, reader) || isSame(to, reader));
  }

  /** Adds a message. */
  add(message: Message): void {
    const ring = message.room === undefined ? this.#privates : this.room(message.room.id);
    ring.add(message);
  }

  /** Drops a room's ring. */
  drop(room: number): void {
    this.#rooms.delete(room);
  }

  /** What somebody wants to read again: what is not here, of what was kept elsewhere. */
  recall(wanted: Recall, kept = NOTHING): Message[] {
    const { room, reader, upTo, after, count, enough = Infinity } = wanted;
    const said = room === undefined ? [] : this.room(room).select(wanted);
    const privates = reader === undefined
      ? []
      : this.privatesOf(reader).filter(({ id }) => id > (after ?? 0) && id <= upTo);
    let found = merge(said, privates);
    /** Takes in what was kept up to the number behind which everything is here, where that is needed. */
    const complete = (floor: number, read: (extent: Extent) => readonly Message[]) => {
      const end = Math.min(floor, upTo);
      if (end <= (after ?? 0)) return;
      if (after !== undefined) {
        found = merge(read({ after, upTo: end, count }), found);
        return;
      }
      const known = found.filter(({ id }) => id > floor);
      if (known.length >= count || lengthOf(known) > enough) return;
      const over = found.at(-count)?.id ?? 0;
      if (over < end) {
        found = merge(read({ over, upTo: end, count: count - known.length }), found);
      }
    };
    const { account } = reader ?? {};
    if (room !== undefined) complete(this.room(room).floor, (extent) => kept.ofRoom(room, extent));
    if (account !== undefined) {
      complete(this.#privates.floor, (extent) => kept.ofAccount(account, extent));
    }
    return after === undefined ? found.slice(-count) : found.slice(0, count);
  }

  /** Drops what was said before a time (epoch ms). */
  dropBefore(at: number): void {
    for (const ring of this.#rings()) ring.dropBefore(at);
  }

  /** Drops what somebody said, and what was said to them. */
  forget(whom: Forgotten): void {
    const isTheirs = theirs(whom);
    for (const ring of this.#rings()) ring.keepOnly((message) => !isTheirs(message));
  }

  #rings(): Ring[] {
    return [this.#privates, ...this.#rooms.values()];
  }
}

/** All of them in the order of their numbers, which each list is in. */
function merge(one: readonly Message[], other: readonly Message[]): Message[] {
  const merged: Message[] = [];
  let i = 0, j = 0;
  while (i < one.length && j < other.length) {
    merged.push(one[i]!.id < other[j]!.id ? one[i++]! : other[j++]!);
  }
  return [...merged, ...one.slice(i), ...other.slice(j)];
}

/** Characters of their texts. */
function lengthOf(messages: readonly Message[]): number {
  return messages.reduce((sum, { text }) => sum + text.length, 0);
}

/** Whether a message is by somebody who is to be forgotten, or to them. */
export function theirs({ name, account }: Forgotten): (message: Message) => boolean {
  const key = nameKey(name);
  const is = (named: string, whose: number | undefined) =>
    account !== undefined && whose === account || named === name || nameKey(named) === key;
  return ({ from, by, to }) => is(from, by.account) || to !== undefined && is(to.name, to.account);
}
