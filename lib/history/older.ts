// What somebody wants to read again and memory does not have: from the file.

import type { Message } from "../chat/event.ts";
import type { AccountId } from "../chat/history.ts";
import type { Digester } from "./digester.ts";
import type { Disk } from "./disk.ts";
import type { Reads } from "./reads.ts";
import type { Kept } from "./recent.ts";
import type { Extent } from "./ring.ts";

/** Milliseconds to digest what is to be read: 1,500 messages' worth. */
const TO_DIGEST = 100;

/** What is read with. */
export interface OlderOptions {
  readonly reads: Reads;
  readonly disk: Disk;
  readonly digester: Digester;
}

/** Reads what memory does not have. */
export class Older implements Kept {
  readonly #options: OlderOptions;

  constructor(options: OlderOptions) {
    this.#options = options;
  }

  /** Messages of a room, oldest first. */
  ofRoom(room: number, extent: Extent): Message[] {
    const { disk, reads } = this.#options;
    this.#digestUpTo(extent.upTo);
    return disk.read(() => reads.ofRoom(room, extent), []);
  }

  /** An account's private messages, oldest first. */
  ofAccount(account: AccountId, extent: Extent): Message[] {
    const { disk, reads } = this.#options;
    this.#digestUpTo(extent.upTo);
    return disk.read(() => reads.ofAccount(account, extent), []);
  }

  /** Has what was said up to a message where it can be read; a flood outruns the disk, for a while. */
  #digestUpTo(id: number): void {
    const { disk, reads, digester } = this.#options;
    const end = performance.now() + TO_DIGEST;
    const isBehind = () => reads.oldestOfJournal() <= id && performance.now() < end;
    while (disk.read(isBehind, false) && digester.step());
  }
}
