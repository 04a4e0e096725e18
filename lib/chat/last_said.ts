// The last messages of a room, and of all private talks: what the fold must know of a message to let its author
// change it. In a snapshot a text is only a number, so that nothing is left there of what was taken back.

import type { Author, MemberId, Message } from "./message.ts";

/** Most of them: of a room, and of all private talks together. */
export const MOST_SAID = 500, MOST_WHISPERED = 1000;
/** Characters of the longest text that is held as it is; of a longer one only its hash is, since there may be many. */
const LONG = 1024;

/** A message; one that was long, or comes from a snapshot, has its text's length and hash in place of the text. */
export type Head = Omit<Message, "text"> & Pick<Partial<Message>, "text"> & Partial<Hashed>;

/** What is held of a text that is not held itself. */
interface Hashed {
  readonly length: number;
  readonly hash: number;
}

/** A message in a snapshot. */
export type HeadState = Omit<Message, "text" | "room"> & Hashed;

/** Messages in the order of their numbers; the oldest are dropped as new ones come. */
export class LastSaid {
  readonly #most: number;
  /** The last ones, and some before: those are cut off all at once, from time to time. */
  #heads: Head[] = [];
  /** Where those begin that were not dropped for their age. */
  #floor = 0;

  constructor(most = MOST_SAID) {
    this.#most = most;
  }

  /** Adds the newest message. */
  add(head: Head): void {
    const { text } = head;
    this.#heads.push(text !== undefined && text.length > LONG ? hashed(head) : head);
    if (this.#heads.length < 2 * this.#most) return;
    this.#heads.splice(0, this.#most);
    this.#floor = Math.max(0, this.#floor - this.#most);
  }

  /** The message with a number. */
  find(id: number): Head | undefined {
    const head = this.#heads[this.#at(id)];
    return head?.id === id ? head : undefined;
  }

  /** The last one that is as asked for. */
  last(is: (head: Head) => boolean): Head | undefined {
    return this.#all().findLast(is);
  }

  /** Puts a message in place of the one with its number. */
  replace(head: Message): void {
    const at = this.#at(head.id);
    if (this.#heads[at]?.id !== head.id) return;
    this.#heads[at] = head.text.length > LONG ? hashed(head) : head;
  }

  /** A guest turns out to be another person, who is the author, or was written to, from now on. */
  passOn(guest: MemberId, now: Author): void {
    const isGuest = (who?: Author) => who?.member === guest && who.account === undefined;
    this.#heads.forEach((head, at) => {
      const { by, to } = head, isBy = isGuest(by), isTo = isGuest(to);
      if (!isBy && !isTo) return;
      this.#heads[at] = {
        ...{ ...head, by: isBy ? now : by },
        ...to && { to: isTo ? { ...to, ...now } : to },
      };
    });
  }

  /** Drops messages from before a time (epoch ms), as long as they are at the beginning. */
  dropBefore(at: number): void {
    let start = this.#start;
    while (start < this.#heads.length && this.#heads[start]!.at < at) start++;
    this.#floor = start;
  }

  /** Drops all messages but these. */
  keepOnly(isKept: (head: Head) => boolean): void {
    this.#heads = this.#all().filter(isKept);
    this.#floor = 0;
  }

  /** The messages as plain data; their room is known. */
  state(): HeadState[] {
    return this.#all().map((head) => {
      const { text: _, room: _room, ...rest } = hashed(head);
      return rest;
    });
  }

  /** Takes over messages; `room` is theirs. */
  restore(heads: readonly HeadState[], room?: Message["room"]): void {
    for (const head of heads) this.add(room === undefined ? head : { ...head, room });
  }

  get #start(): number {
    return Math.max(this.#floor, this.#heads.length - this.#most);
  }

  #all(): Head[] {
    return this.#heads.slice(this.#start);
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
  const { length, hash } = hashed(head);
  return length === text.length && hash === hashOf(text);
}

/** A message with its text's length and hash in place of the text. */
function hashed({ text, length = 0, hash = 0, ...rest }: Head): Head & Hashed {
  if (text === undefined) return { ...rest, length, hash };
  return { ...rest, length: text.length, hash: hashOf(text) };
}

/** FNV-1a with 32 bits. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) {
    hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  }
  return hash >>> 0;
}
