// Snapshots of the state in the network's object store, from which bobchats start: each with the position in the
// stream up to which it was folded. The newest three are kept.

import type { Snapshot } from "../chat/snapshot.ts";
import type { ObjectStore, ObjectStorePutOpts } from "@nats-io/obj";
import { parseObject } from "./encode.ts";
import { faults, isWrongRevision } from "./jetstream.ts";
import { type Position, StreamFault } from "./stream.ts";

/** A snapshot, and what the stream goes on after. */
export interface Saved {
  readonly epoch: number;
  readonly after: Position;
  readonly snapshot: Snapshot;
}

/** How many are kept. */
const KEPT = 3;
/** Milliseconds until storing or reading one counts as failed. */
const WITHIN = 30_000;

/** A network's snapshots. */
export class Snapshots {
  readonly #store: ObjectStore;

  constructor(store: ObjectStore) {
    this.#store = store;
  }

  /** Stores the snapshot that an epoch begins with; false if there is one: two may begin it at one moment. */
  async putFirst(saved: Saved): Promise<boolean> {
    try {
      await this.#put(saved, { previousRevision: 0 });
      return true;
    } catch (error) {
      if (!(error instanceof StreamFault) || !isWrongRevision(error)) throw error;
      return false;
    }
  }

  /** Stores a snapshot, then drops those that are no longer kept. */
  async put(saved: Saved): Promise<void> {
    await this.#put(saved);
    for (const { name } of (await this.#list()).slice(KEPT)) {
      await inTime(this.#store.delete(name));
    }
  }

  /** The newest; undefined if there is none. Rejects with a `StreamFault`, or a `StartError` if it is damaged. */
  async newest(): Promise<Saved | undefined> {
    // One that is dropped while it is read has a newer one after it.
    for (let tries = 0; tries < KEPT; tries++) {
      const [newest] = await this.#list();
      if (newest === undefined) return undefined;
      const data = await inTime(this.#store.getBlob(newest.name));
      if (data !== null) return parseObject(newest.name, data);
    }
    return undefined;
  }

  async #put(saved: Saved, options?: ObjectStorePutOpts): Promise<void> {
    const name = `${PREFIX}${saved.epoch} ${saved.after.sequence}`;
    const data = ENCODER.encode(JSON.stringify(saved));
    await inTime(this.#store.putBlob({ name }, data, options));
  }

  /** The names of all, newest first. */
  async #list(): Promise<{ name: string; epoch: number; sequence: number }[]> {
    const found = [];
    for (const { name } of await inTime(this.#store.list())) {
      if (!name.startsWith(PREFIX)) continue;
      const [epoch, sequence] = name.slice(PREFIX.length).split(" ").map(Number);
      found.push({ name, epoch: epoch!, sequence: sequence! });
    }
    return found.sort((a, b) => b.epoch - a.epoch || b.sequence - a.sequence);
  }
}

const PREFIX = "snapshot ";
const ENCODER = new TextEncoder();

/** Fails with a `StreamFault` when the library has not settled in time: it may wait for ever in an outage. */
async function inTime<T>(promise: Promise<T>): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new StreamFault("late", "timeout")), WITHIN);
  });
  try {
    return await Promise.race([faults(promise), late]);
  } finally {
    clearTimeout(timer);
  }
}
