// What those who stay have heard: each of a room must hear every message of it once, in one order. The first to hear
// a message says what comes next for all the others.

/** What went wrong in a room. */
export interface Wrongs {
  /** Messages that somebody was not sent. */
  lost: number;
  /** Messages that somebody was sent again. */
  doubled: number;
  /** Messages that came before an earlier one of the room, or of their author. */
  misplaced: number;
}

/** The messages of one room, as its hearers hear them. */
export class Hearing {
  /** All messages since the start, in their order. */
  readonly messages: string[] = [];
  readonly wrongs: Wrongs = { lost: 0, doubled: 0, misplaced: 0 };
  /** How many each hearer has heard. */
  readonly #heard = new Map<string, number>();
  /** The last number of each author. */
  readonly #numbers = new Map<string, number>();

  /** How many hearers there are. */
  get hearers(): number {
    return this.#heard.size;
  }

  /** Adds a hearer, who hears the next message that nobody has heard yet. */
  add(hearer: string): void {
    this.#heard.set(hearer, this.messages.length);
  }

  /** Messages heard so far, by all hearers together. */
  get total(): number {
    return this.#heard.values().reduce((sum, count) => sum + count, 0);
  }

  /** Somebody has heard the message with this number of its author's. */
  heard(hearer: string, { author, number }: { author: string; number: number }): void {
    const at = this.#heard.get(hearer)!, key = `${author}.${number}`;
    if (at === this.messages.length) this.#append(key, { author, number });
    if (this.messages[at] === key) {
      this.#heard.set(hearer, at + 1);
      return;
    }
    const place = this.messages.lastIndexOf(key);
    if (place < 0) this.wrongs.misplaced++;
    else if (place < at) this.wrongs.doubled++;
    else {
      this.wrongs.lost += place - at;
      this.#heard.set(hearer, place + 1);
    }
  }

  /** Counts what hearers have not heard of all that was said, once nothing more comes. Returns who they are. */
  close(): string[] {
    const late = [...this.#heard].filter(([, count]) => count < this.messages.length);
    for (const [, count] of late) this.wrongs.lost += this.messages.length - count;
    return late.map(([hearer]) => hearer);
  }

  /** A message that nobody has heard before; one heard before by this hearer alone shows by its number. */
  #append(key: string, { author, number }: { author: string; number: number }): void {
    const last = this.#numbers.get(author);
    if (last !== undefined && number <= last) {
      if (this.messages.lastIndexOf(key) >= 0) return;
      this.wrongs.misplaced++;
    } else if (last !== undefined) this.wrongs.lost += number - last - 1;
    this.#numbers.set(author, number);
    this.messages.push(key);
  }
}
