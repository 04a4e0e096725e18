// What somebody wants to read again and memory does not have: from the file.

import type { Message } from "../chat/event.ts";
import type { Recall } from "../chat/history.ts";
import type { Digester } from "./digester.ts";
import type { Disk } from "./disk.ts";
import type { Reads } from "./reads.ts";
import type { Extent, Ring } from "./ring.ts";

/** Milliseconds to digest what is to be read: 1,500 messages' worth. */
const TO_DIGEST = 100;

/** What is read with. */
export interface OlderOptions {
  readonly reads: Reads;
  readonly disk: Disk;
  readonly digester: Digester;
  /** What memory has of a room. */
  readonly ring: (room: number) => Ring;
}

/** Reads what memory does not have. */
export class Older {
  readonly #options: OlderOptions;

  constructor(options: OlderOptions) {
    this.#options = options;
  }

  /** A reader's private messages, and a room's messages that are older than those in memory. */
  recall(wanted: Recall): Message[] {
    const { disk, reads } = this.#options;
    const { room, reader: { account } = {} } = wanted;
    const own = account === undefined ? [] : disk.read(() => reads.ofAccount(account, wanted), []);
    return room === undefined ? own : [...own, ...this.#ofRoom(room, wanted)];
  }

  #ofRoom(room: number, { after, upTo, count }: Extent): Message[] {
    const { disk, reads, ring: ringOf } = this.#options;
    const ring = ringOf(room);
    const { oldest = Infinity } = ring;
    const isInMemory = after === undefined
      ? ring.select({ upTo, count }).length === count
      : after >= oldest;
    if (isInMemory) return [];
    this.#digestBefore(oldest);
    const extent = { after, upTo: Math.min(upTo, oldest - 1), count };
    return disk.read(() => reads.ofRoom(room, extent), []);
  }

  /** Has what was said before a message where it can be read; a flood outruns the disk, for a while. */
  #digestBefore(id: number): void {
    const { disk, reads, digester } = this.#options;
    const end = performance.now() + TO_DIGEST;
    const isBehind = () => reads.oldestOfJournal() < id && performance.now() < end;
    while (disk.read(isBehind, false) && digester.step());
  }
}
