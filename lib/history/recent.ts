// Recent messages in memory: a ring for every room, and one for all private messages. The oldest are dropped
// as new ones come.

import type { AccountId, Message } from "../chat/message.ts";
import type { Forgotten, Recall } from "../chat/history.ts";
import { theirs } from "../chat/forgotten.ts";
import { isSame } from "../chat/room.ts";

/** Which messages of a room or reader to read; `over` limits the last ones to those over a number. */
export type Extent = Pick<Recall, "upTo" | "after" | "count"> & { readonly over?: number };

/**
 * Most messages of a ring, and most characters of their texts: the thousand that a member may ask for, and
 * one to tell whether there are more.
 */
export const MOST_MESSAGES = 1001, MOST_TEXT = 1024 * 1024;

/** Most later forms of messages that are not in a ring: more wait only while a disk fails for long. */
const MOST_MENDED = 2000;

/** Messages in the order of their numbers. */
export class Ring {
  #messages: Message[] = [];
  /** Where the ring begins: what comes before was dropped, and is cut off from time to time. */
  #start = 0;
  #text = 0;
  #floor: number;

  /** A ring that has all messages after a number; 0: all there are. */
  constructor(floor = 0) {
    this.#floor = floor;
  }

  /** The ring has all messages with a higher number than this. */
  get floor(): number {
    return this.#floor;
  }

  /** Notes that the ring has all messages after a number. */
  isWholeBehind(id: number): void {
    this.#floor = Math.min(this.#floor, id);
  }

  /** How many there are. */
  get size(): number {
    return this.#messages.length - this.#start;
  }

  /** All of them, oldest first. */
  all(): Message[] {
    return this.#messages.slice(this.#start);
  }

  /** Adds the newest message; ignores one that is not newer. */
  add(message: Message): void {
    const last = this.#messages.at(-1);
    if (this.size > 0 && last !== undefined && message.id <= last.id) return;
    this.isWholeBehind(message.id - 1);
    this.#messages.push(message);
    this.#text += message.text.length;
    while (this.size > MOST_MESSAGES || this.#text > MOST_TEXT && this.size > 1) {
      this.#floor = this.#messages[this.#start]!.id;
      this.#drop();
    }
  }

  /** The message with a number. */
  find(id: number): Message | undefined {
    const message = this.#messages[this.#behind(id - 1)];
    return message?.id === id ? message : undefined;
  }

  /** Puts a message in place of its earlier form; returns whether that is here. */
  replace(message: Message): boolean {
    const at = this.#behind(message.id - 1), before = this.#messages[at];
    if (before?.id !== message.id) return false;
    this.#messages[at] = message;
    this.#text += message.text.length - before.text.length;
    return true;
  }

  /** The last messages up to a number, or the first after another; at most `count`, oldest first. */
  select({ upTo, after, count }: Extent): Message[] {
    const end = this.#behind(upTo);
    if (after === undefined) return this.#messages.slice(Math.max(this.#start, end - count), end);
    const start = this.#behind(after);
    return this.#messages.slice(start, Math.min(start + count, end));
  }

  /** How many messages follow this number. */
  countBehind(id: number): number {
    return this.#messages.length - this.#behind(id);
  }

  /** Drops messages from before a time (epoch ms), as long as they are at the beginning. */
  dropBefore(at: number): void {
    while (this.size > 0 && this.#messages[this.#start]!.at < at) this.#drop();
  }

  /** Drops all messages but these. */
  keepOnly(isKept: (message: Message) => boolean): void {
    this.#messages = this.all().filter(isKept);
    this.#start = 0;
    this.#text = this.#messages.reduce((sum, { text }) => sum + text.length, 0);
  }

  #drop(): void {
    this.#text -= this.#messages[this.#start++]!.text.length;
    if (this.#start < MOST_MESSAGES && this.size > 0) return;
    this.#messages.splice(0, this.#start);
    this.#start = 0;
  }

  /** The index of the first message with a higher number. */
  #behind(id: number): number {
    let low = this.#start, high = this.#messages.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#messages[middle]!.id <= id) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

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
