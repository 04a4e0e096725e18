// Recent messages in memory: a ring for every room, and one for all private messages. What is older comes from the
// file.

import type { AccountId, Message } from "../chat/message.ts";
import type { Forgotten, Recall } from "../chat/history.ts";
import { theirs } from "../chat/forgotten.ts";
import { isSame } from "../chat/room.ts";
import { type Extent, MOST_MESSAGES, Ring } from "./ring.ts";

/** Most later forms of messages that are not in a ring: more wait only while a disk fails for long. */
const MOST_MENDED = 2000;

/** The last messages of a room from the file, oldest first; undefined if they cannot be read. */
export type LoadRoom = (room: number) => readonly Message[] | undefined;

/** Messages that are stored elsewhere, oldest first. */
export interface Stored {
  ofRoom(room: number, extent: Extent): readonly Message[];
  /** An account's private messages. */
  ofAccount(account: AccountId, extent: Extent): readonly Message[];
}

const NO_FILE: LoadRoom = () => [];
const NOTHING: Stored = { ofRoom: () => [], ofAccount: () => [] };

/** Recent messages. */
export class Recent {
  readonly #rooms = new Map<number, Ring>();
  readonly #privates: Ring;
  readonly #load: LoadRoom;
  /** Later forms of messages that are not in a ring, while the file may have their earlier ones. */
  readonly #mended = new Map<number, Message>();

  /** `load` fills a new ring; without it, rings start empty. */
  constructor(load?: LoadRoom) {
    this.#load = load ?? NO_FILE;
    this.#privates = new Ring(load === undefined ? 0 : Infinity);
  }

  /** Notes that all private messages after this number are here. */
  hasPrivatesBehind(id: number): void {
    this.#privates.isWholeBehind(id);
  }

  /** The ring of a room, made if there is none. */
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
    this.#ringOf(message).add(message);
  }

  /** Puts a message in place of its earlier form. */
  replace(message: Message): void {
    if (this.#ringOf(message).replace(message) || this.#load === NO_FILE) return;
    this.#mended.delete(message.id);
    this.#mended.set(message.id, message);
    const [oldest] = this.#mended.keys();
    if (this.#mended.size > MOST_MENDED) this.#mended.delete(oldest!);
  }

  /** The file has the later forms of all messages now. */
  areStored(): void {
    this.#mended.clear();
  }

  /** A message as it is here, or else as it was read elsewhere. */
  latest(message: Message): Message {
    const { id, room } = message;
    const ring = room === undefined ? this.#privates : this.#rooms.get(room.id);
    return ring?.find(id) ?? this.#mended.get(id) ?? message;
  }

  /** Drops a room's ring. */
  drop(room: number): void {
    this.#rooms.delete(room);
  }

  /** Recalls messages; those that are not here come from `kept`. */
  recall(wanted: Recall, kept = NOTHING): Message[] {
    const { room, reader, upTo, after, count, enough = Infinity } = wanted;
    const said = room === undefined ? [] : this.room(room).select(wanted);
    const privates = reader === undefined
      ? []
      : this.privatesOf(reader).filter(({ id }) => id > (after ?? 0) && id <= upTo);
    let found = merge(said, privates);
    /** Adds stored messages up to the number after which everything is here, if they are needed. */
    const complete = (floor: number, read: (extent: Extent) => readonly Message[]) => {
      const end = Math.min(floor, upTo);
      if (end <= (after ?? 0)) return;
      const stored = (extent: Extent) => read(extent).map((message) => this.latest(message));
      if (after !== undefined) {
        found = merge(stored({ after, upTo: end, count }), found);
        return;
      }
      const known = found.filter(({ id }) => id > floor);
      if (known.length >= count || lengthOf(known) > enough) return;
      const over = found.at(-count)?.id ?? 0;
      if (over < end) {
        found = merge(stored({ over, upTo: end, count: count - known.length }), found);
      }
    };
    const { account } = reader ?? {};
    if (room !== undefined) complete(this.room(room).floor, (extent) => kept.ofRoom(room, extent));
    if (account !== undefined) {
      complete(this.#privates.floor, (extent) => kept.ofAccount(account, extent));
    }
    return after === undefined ? found.slice(-count) : found.slice(0, count);
  }

  /** Drops messages from before a time (epoch ms). */
  dropBefore(at: number): void {
    for (const ring of this.#rings()) ring.dropBefore(at);
  }

  /** Drops the messages by and to somebody, up to a number. */
  forget(whom: Forgotten, upTo?: number): void {
    const isTheirs = theirs(whom, upTo);
    for (const ring of this.#rings()) ring.keepOnly((message) => !isTheirs(message));
    for (const [id, message] of this.#mended) if (isTheirs(message)) this.#mended.delete(id);
  }

  #ringOf({ room }: Message): Ring {
    return room === undefined ? this.#privates : this.room(room.id);
  }

  #rings(): Ring[] {
    return [this.#privates, ...this.#rooms.values()];
  }
}

/** Merges two lists that are in the order of their numbers. */
function merge(one: readonly Message[], other: readonly Message[]): Message[] {
  const merged: Message[] = [];
  let i = 0, j = 0;
  while (i < one.length && j < other.length) {
    merged.push(one[i]!.id < other[j]!.id ? one[i++]! : other[j++]!);
  }
  return [...merged, ...one.slice(i), ...other.slice(j)];
}

/** Characters of the messages' texts. */
function lengthOf(messages: readonly Message[]): number {
  return messages.reduce((sum, { text }) => sum + text.length, 0);
}
