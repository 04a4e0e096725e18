// Messages of a room, or all private ones, in memory: the oldest are dropped as new ones come. recent.ts has the rings.

import type { Recall } from "../chat/history.ts";
import type { Message } from "../chat/message.ts";

/** Which messages of a room or reader to read; `over` limits the last ones to those over a number. */
export type Extent = Pick<Recall, "upTo" | "after" | "count"> & { readonly over?: number };

/**
 * Most messages of a ring, and most characters of their texts: the thousand that a member may ask for, and
 * one to tell whether there are more.
 */
export const MOST_MESSAGES = 1001, MOST_TEXT = 1024 * 1024;

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
