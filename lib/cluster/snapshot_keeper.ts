// Takes snapshots of the chat between two batches, now and then and at a clean stop, and has them stored, so that
// a bobchat that starts has little to fold. The node with the lowest number does it for all.

import type { Chat } from "../chat/chat.ts";
import type { NodeId } from "../chat/node.ts";
import { type Snapshot, takeSnapshot } from "../chat/snapshot.ts";
import { log } from "../log.ts";
import type { Saved, Snapshots } from "./snapshots.ts";
import { type Position, StreamFault } from "./stream.ts";

/** Options of the keeper. */
export interface SnapshotKeeperOptions {
  readonly snapshots: Pick<Snapshots, "put">;
  readonly epoch: number;
  /** What this bobchat started from. */
  readonly after: Position;
  /** This bobchat's number; 0 before it has one. */
  readonly node: () => NodeId;
}

/** After how many messages, and after how many milliseconds of the stream's time, the next snapshot is due. */
const EVERY_MESSAGES = 100_000, EVERY_MS = 300_000;
/** The least between two attempts, in milliseconds of the stream's time. */
const LEAST_MS = 15_000;

/** Keeps the network's snapshots new. */
export class SnapshotKeeper {
  readonly #options: SnapshotKeeperOptions;
  /** Up to which message the last one goes that was stored, and its time; and when the last was tried. */
  #sequence: number;
  #at: number | undefined;
  #triedAt = -Infinity;
  /** What is being stored. */
  #storing: Promise<void> | undefined;

  constructor(options: SnapshotKeeperOptions) {
    this.#options = options;
    const { sequence, at } = options.after;
    this.#sequence = sequence;
    // A network that has just begun has no time yet.
    this.#at = sequence === 0 ? undefined : at;
  }

  /** After a batch: takes a snapshot if one is due. */
  folded(chat: Chat, position: Position): void {
    const { sequence, at } = position;
    this.#at ??= at;
    if (this.#storing !== undefined || at - this.#triedAt < LEAST_MS) return;
    const isDue = sequence - this.#sequence >= EVERY_MESSAGES || at - this.#at >= EVERY_MS;
    if (!isDue || !this.#isItsTurn(chat)) return;
    this.#triedAt = at;
    this.#storing = this.#store(takeSnapshot(chat), position);
  }

  /** At a clean stop: takes a last one, and waits until it is stored or has failed. */
  async last(chat: Chat, position: Position): Promise<void> {
    await this.#storing;
    if (position.sequence > this.#sequence) await this.#store(takeSnapshot(chat), position);
  }

  /** Whether no node that is here has a lower number. */
  #isItsTurn({ nodes }: Chat): boolean {
    const own = this.#options.node();
    return own !== 0 && [...nodes.all()].every(({ id, gone }) => gone !== undefined || id >= own);
  }

  async #store(snapshot: Snapshot, after: Position): Promise<void> {
    const { snapshots, epoch } = this.#options;
    try {
      const saved: Saved = { epoch, after, snapshot };
      await snapshots.put(saved);
      this.#sequence = after.sequence;
      this.#at = after.at;
      log.debug("stored a snapshot up to message {sequence}", { sequence: after.sequence });
    } catch (error) {
      if (!(error instanceof StreamFault)) throw error;
      log.warn("could not store a snapshot ({why}): trying again later", { why: error.message });
    } finally {
      this.#storing = undefined;
    }
  }
}
