// The last messages of one room, or of all private talk: the oldest go as new ones come.

import type { Message } from "../chat/message.ts";
import type { Recall } from "../chat/history.ts";

/** Which messages of those that are in one place; of the last ones, those over a number alone. */
export type Extent = Pick<Recall, "upTo" | "after" | "count"> & { readonly over?: number };

/**
 * Most messages of a ring, and most characters of their texts: the thousand that one may ask for, and the
 * one that tells whether there are more.
 */
export const MOST_MESSAGES = 1001, MOST_TEXT = 1024 * 1024;

/** Messages in the order of their numbers. */
export class Ring {
  #messages: Message[] = [];
  /** Where the ring begins: what stands before has been dropped, and is cut off now and then. */
  #start = 0;
  #text = 0;
  #floor: number;

  /** One that has everything behind a number: all there is, for 0. */
  constructor(floor = 0) {
    this.#floor = floor;
  }

  /** It has everything with a higher number than this. */
  get floor(): number {
    return this.#floor;
  }

  /** Notes that it has everything behind a number. */
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

  /** Adds the newest one; one that is there already, or is older, is left out. */
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

  /** The last ones up to a number, or the first of those behind another; so many at most, oldest first. */
  select({ upTo, after, count }: Extent): Message[] {
    const end = this.#behind(upTo);
    if (after === undefined) return this.#messages.slice(Math.max(this.#start, end - count), end);
    const start = this.#behind(after);
    return this.#messages.slice(start, Math.min(start + count, end));
  }

  /** How many stand behind this number. */
  countBehind(id: number): number {
    return this.#messages.length - this.#behind(id);
  }

  /** Drops those said before a time (epoch ms), as far as they stand at the beginning. */
  dropBefore(at: number): void {
    while (this.size > 0 && this.#messages[this.#start]!.at < at) this.#drop();
  }

  /** Drops all but those. */
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
