// What was said lately, in memory: a ring for every room, and one for all private messages.

import type { Message } from "../chat/event.ts";
import type { Forgotten, Recall } from "../chat/history.ts";
import { nameKey } from "../chat/names.ts";
import { isSame } from "../chat/room.ts";
import { Ring } from "./ring.ts";

/** The last messages of a room that were kept elsewhere, oldest first. */
export type LoadRoom = (room: number) => readonly Message[];

/** Recent messages. */
export class Recent {
  readonly #rooms = new Map<number, Ring>();
  readonly #privates = new Ring();
  readonly #load: LoadRoom;

  /** `load` fills a ring when it is made. */
  constructor(load: LoadRoom = () => []) {
    this.#load = load;
  }

  /** The ring of a room, made if need be. */
  room(id: number): Ring {
    let ring = this.#rooms.get(id);
    if (ring === undefined) {
      this.#rooms.set(id, ring = new Ring());
      for (const message of this.#load(id)) ring.add(message);
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

  /** What somebody wants to read again; `kept` are messages of that kind which were kept elsewhere. */
  recall(wanted: Recall, kept: readonly Message[] = []): Message[] {
    const { room, reader, upTo, after = 0, count } = wanted;
    const said = room === undefined ? [] : this.room(room).select(wanted);
    const privates = reader === undefined
      ? []
      : this.privatesOf(reader).filter(({ id }) => id > after && id <= upTo);
    if (kept.length === 0 && privates.length === 0) return said;
    const byId = new Map([...kept, ...said, ...privates].map((message) => [message.id, message]));
    const all = [...byId.values()].sort((a, b) => a.id - b.id);
    return wanted.after === undefined ? all.slice(-count) : all.slice(0, count);
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

/** Whether a message is by somebody who is to be forgotten, or to them. */
export function theirs({ name, account }: Forgotten): (message: Message) => boolean {
  const key = nameKey(name);
  const is = (named: string, whose: number | undefined) =>
    account !== undefined && whose === account || named === name || nameKey(named) === key;
  return ({ from, by, to }) => is(from, by.account) || to !== undefined && is(to.name, to.account);
}
