// What was said earlier, for whoever asks: from memory and from the file, without the messages of those who were
// forgotten.

import type { Found, Recall, Search } from "../chat/history.ts";
import type { Message } from "../chat/message.ts";
import type { Forgetting } from "./forgetting.ts";
import { Older } from "./older.ts";
import { FileSearch, type FileSearchOptions } from "./search.ts";

/** Options of earlier messages. */
export interface EarlierOptions extends FileSearchOptions {
  readonly forgetting: Forgetting;
}

/** Reads earlier messages. */
export class Earlier {
  readonly #options: EarlierOptions;
  readonly #older: Older;
  readonly #searches: FileSearch;
  #trouble: string | undefined;

  constructor(options: EarlierOptions) {
    this.#options = options;
    this.#older = new Older(options);
    this.#searches = new FileSearch(options);
  }

  /** Why the last `recall` may lack something. */
  get trouble(): string | undefined {
    return this.#trouble;
  }

  /** Messages, oldest first. */
  recall(wanted: Recall): Message[] {
    const { disk, writes, recent, forgetting } = this.#options;
    const before = disk.failedReads;
    const { room } = wanted;
    // The room may be gone though the file does not say so yet.
    const isGone = room !== undefined && writes.roomChange(room) === "gone";
    const there = isGone ? { ...wanted, room: undefined } : wanted;
    const messages = forgetting.shown(recent.recall(there, this.#older));
    this.#trouble = disk.failedReads > before ? disk.readTrouble : undefined;
    return messages;
  }

  /** How many messages follow this one in a room. */
  countAfter(id: number, { room, most }: { room: number; most: number }): number {
    const { disk, reads, recent } = this.#options;
    const ring = recent.room(room);
    const inRing = ring.countBehind(id);
    if (inRing < ring.size || inRing >= most) return Math.min(inRing, most);
    const inFile = disk.read(() => reads.countBehind(id, { room, most }), 0);
    return Math.max(inRing, inFile);
  }

  /** Messages with all the words, newest first. */
  async search(search: Search): Promise<Found> {
    const { forgetting } = this.#options;
    const hidden = forgetting.all;
    const found = await this.#searches.run(search);
    return { ...found, messages: forgetting.shown(found.messages, hidden) };
  }
}
