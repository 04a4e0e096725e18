// Messages that are not in memory, from the file: what still waits for the index is indexed first.

import type { AccountId, Message } from "../chat/message.ts";
import type { Disk } from "./faults.ts";
import type { Indexer } from "./indexer.ts";
import type { Reads } from "./reads.ts";
import type { Stored } from "./recent.ts";
import type { Extent } from "./ring.ts";

/** Milliseconds to index messages before reading them: about 1,500 messages. */
const TO_INDEX = 100;

/** Options of reading older messages. */
export interface OlderOptions {
  readonly reads: Reads;
  readonly disk: Disk;
  readonly indexer: Indexer;
}

/** Reads messages that are not in memory. */
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

  /** Indexes messages up to this one so that they can be read; a flood may be ahead of that for a while. */
  #indexUpTo(id: number): void {
    const { disk, reads, indexer } = this.#options;
    const end = performance.now() + TO_INDEX;
    const isBehind = () => reads.oldestOfJournal() <= id && performance.now() < end;
    while (disk.read(isBehind, false) && indexer.step());
  }
}
