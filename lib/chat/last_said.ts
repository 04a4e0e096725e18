// The last messages of a room, and of all private talks: what the fold must know of a message to let its author
// change it. In a snapshot a text is only a number, so that nothing is left there of what was taken back.

import type { Message } from "./message.ts";

/** Most of them, and most characters of their texts. */
export const MOST_SAID = 500, MOST_WHISPERED = 1000;
const MOST_TEXT = 512 * 1024;

/** A message; one from a snapshot has its text's length and hash in place of the text. */
export type Head = Omit<Message, "text"> & Pick<Partial<Message>, "text"> & Partial<Hashed>;

/** What is left of a text in a snapshot. */
interface Hashed {
  readonly length: number;
  readonly hash: number;
}

/** A message in a snapshot. */
export type HeadState = Omit<Message, "text" | "room"> & Hashed;

/** Messages in the order of their numbers; the oldest are dropped as new ones come. */
export class LastSaid {
  readonly #most: number;
  #heads: Head[] = [];
  /** Where they begin: what comes before was dropped, and is cut off from time to time. */
  #start = 0;
  #text = 0;

  constructor(most = MOST_SAID) {
    this.#most = most;
  }

  /** Adds the newest message. */
  add(head: Head): void {
    this.#heads.push(head);
    this.#text += lengthOf(head);
    let size = this.#heads.length - this.#start;
    while (size > this.#most || this.#text > MOST_TEXT && size > 1) {
      this.#drop();
      size--;
    }
  }

  /** The message with a number. */
  find(id: number): Head | undefined {
    const head = this.#heads[this.#at(id)];
    return head?.id === id ? head : undefined;
  }

  /** The last one that is as asked for. */
  last(is: (head: Head) => boolean): Head | undefined {
    for (let at = this.#heads.length - 1; at >= this.#start; at--) {
      if (is(this.#heads[at]!)) return this.#heads[at];
    }
  }

  /** Puts a message in place of the one with its number. */
  replace(head: Head): void {
    const at = this.#at(head.id), before = this.#heads[at];
    if (before?.id !== head.id) return;
    this.#text += lengthOf(head) - lengthOf(before);
    this.#heads[at] = head;
  }

  /** Drops messages from before a time (epoch ms), as long as they are at the beginning. */
  dropBefore(at: number): void {
    while (this.#start < this.#heads.length && this.#heads[this.#start]!.at < at) this.#drop();
  }

  /** Drops all messages but these. */
  keepOnly(isKept: (head: Head) => boolean): void {
    this.#heads = this.#heads.slice(this.#start).filter(isKept);
    this.#start = 0;
    this.#text = this.#heads.reduce((sum, head) => sum + lengthOf(head), 0);
  }

  /** The messages as plain data; their room is known. */
  state(): HeadState[] {
    return this.#heads.slice(this.#start).map((head) => {
      const { text: _, room: _room, ...rest } = head;
      return { ...rest, length: lengthOf(head), hash: hashOf(head) };
    });
  }

  /** Takes over messages; `room` is theirs. */
  restore(heads: readonly HeadState[], room?: Message["room"]): void {
    for (const head of heads) this.add(room === undefined ? head : { ...head, room });
  }

  #drop(): void {
    this.#text -= lengthOf(this.#heads[this.#start++]!);
    if (this.#start < this.#most && this.#start < this.#heads.length) return;
    this.#heads.splice(0, this.#start);
    this.#start = 0;
  }

  /** The index of the first message with this number or a higher one. */
  #at(id: number): number {
    let low = this.#start, high = this.#heads.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#heads[middle]!.id < id) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

/** Whether a message has this text. All servers of a network compare hashes, since some have no more. */
export function says(head: Head, text: string): boolean {
  return lengthOf(head) === text.length && hashOf(head) === hash(text);
}

function lengthOf({ text, length = 0 }: Head): number {
  return text === undefined ? length : text.length;
}

function hashOf({ text, hash: known = 0 }: Head): number {
  return text === undefined ? known : hash(text);
}

/** FNV-1a with 32 bits. */
function hash(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) {
    hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  }
  return hash >>> 0;
}
