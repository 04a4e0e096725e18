// The record of a network: which epoch it is in, and the settings that all its bobchats share. It is an object of
// the network's object store, and changes only from the revision that was read.

import type { ObjectStore } from "@nats-io/obj";
import { parseObject } from "./encode.ts";
import { faults, isWrongRevision } from "./jetstream.ts";
import { StreamFault } from "./stream.ts";

/** Settings of a network: they change the state, and so are the same for all. The first bobchat brings them. */
export interface Settings {
  /** Days that a topic keeps an empty room; 0: for good. */
  readonly keepRooms: number;
  /** For how many minutes people may change their messages; 0: never. */
  readonly editMinutes: number;
  /** Days that the stream keeps what was said. */
  readonly keepStream: number;
}

/** What is recorded. */
export interface NetworkRecord {
  readonly version: 1;
  /** Grows with each stream that begins anew. */
  readonly epoch: number;
  readonly settings: Settings;
}

const NAME = "network";

/** The record, and the revision to change it from; undefined if the network has not begun. */
export async function readRecord(
  store: ObjectStore,
): Promise<{ record: NetworkRecord; revision: number } | undefined> {
  const info = await faults(store.info(NAME));
  if (info === null || info.deleted) return undefined;
  const data = await faults(store.getBlob(NAME));
  if (data === null) return undefined;
  return { record: parseObject(NAME, data), revision: info.revision };
}

/** Writes the record, if its revision is still this one (0: there is none); returns whether it was. */
export async function writeRecord(
  store: ObjectStore,
  { record, revision }: { record: NetworkRecord; revision: number },
): Promise<boolean> {
  const data = new TextEncoder().encode(JSON.stringify(record));
  try {
    await faults(store.putBlob({ name: NAME }, data, { previousRevision: revision }));
    return true;
  } catch (error) {
    if (error instanceof StreamFault && isWrongRevision(error)) return false;
    throw error;
  }
}
