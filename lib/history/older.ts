// What somebody wants to read again and memory does not have: from the file.

import type { AccountId, Message } from "../chat/message.ts";
import type { Indexer } from "./indexer.ts";
import type { Disk } from "./disk.ts";
import type { Reads } from "./reads.ts";
import type { Stored } from "./recent.ts";
import type { Extent } from "./ring.ts";

/** Milliseconds to indexStep what is to be read: 1,500 messages' worth. */
const TO_INDEX = 100;

/** What is read with. */
export interface OlderOptions {
  readonly reads: Reads;
  readonly disk: Disk;
  readonly indexer: Indexer;
}

/** Reads what memory does not have. */
export class Older implements Stored {
  readonly #options: OlderOptions;

  constructor(options: OlderOptions) {
    this.#options = options;
  }

  /** Messages of a room, oldest first. */
  ofRoom(room: number, extent: Extent): Message[] {
    const { disk, reads } = this.#options;
    this.#indexUpTo(extent.upTo);
    return disk.read(() => reads.ofRoom(room, extent), []);
  }

  /** An account's private messages, oldest first. */
  ofAccount(account: AccountId, extent: Extent): Message[] {
    const { disk, reads } = this.#options;
    this.#indexUpTo(extent.upTo);
    return disk.read(() => reads.ofAccount(account, extent), []);
  }

  /** Has what was said up to a message where it can be read; a flood outruns the disk, for a while. */
  #indexUpTo(id: number): void {
    const { disk, reads, indexer } = this.#options;
    const end = performance.now() + TO_INDEX;
    const isBehind = () => reads.oldestOfJournal() <= id && performance.now() < end;
    while (disk.read(isBehind, false) && indexer.step());
  }
}
