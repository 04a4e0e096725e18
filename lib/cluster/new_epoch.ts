// Begins a new epoch of a network, by an operator's command: from its newest snapshot or from a history file, and
// with numbers that were never given.

import type { Snapshot } from "../chat/snapshot.ts";
import { StartError } from "../errors.ts";
import { type Access, openLink, patiently, sentence } from "./connection.ts";
import { type NetworkRecord, readRecord, type Settings, writeRecord } from "./record.ts";
import { skipNumbers } from "./skip.ts";
import { Snapshots } from "./snapshots.ts";
import { addStream, endStream, hasStore, openStore } from "./store.ts";
import { BEGINNING, StreamFault } from "./stream.ts";

/** A state to begin a new epoch with, in place of the newest snapshot. */
export interface OwnState {
  /** The last epoch that it knows; 0: none. */
  readonly epoch: number;
  /** The settings, if NATS has none. */
  readonly settings: Settings;
  /** Gives the state for this epoch. */
  state(epoch: number): Snapshot;
}

/** A new epoch. */
export interface NewEpoch {
  readonly epoch: number;
  readonly snapshot: Snapshot;
  /** If it begins with the network's newest snapshot: when that was taken (epoch ms); 0: as the network began. */
  readonly asOf: number | undefined;
}

/** Begins a new epoch of a network. Throws a `StartError`. */
export async function newEpoch(access: Access, own?: OwnState): Promise<NewEpoch> {
  const { network } = access;
  const link = await openLink(access, "bobchat network new");
  try {
    const isThere = await patiently(() => hasStore(link, network));
    if (!isThere && own === undefined) throw new StartError(noNetwork(network));
    const store = await patiently(() => openStore(link, network));
    const found = await patiently(() => readRecord(store));
    const snapshots = new Snapshots(store);
    const newest = await patiently(() => snapshots.newest());
    const settings = found?.record.settings ?? own?.settings;
    if (settings === undefined || (newest ?? own) === undefined) {
      throw new StartError(noNetwork(network));
    }
    const before = found?.record.epoch ?? 0;
    // An attempt that failed half-way may have left a snapshot of the epoch after.
    const epoch = Math.max(before, newest?.epoch ?? 0, own?.epoch ?? 0) + 1;
    const snapshot = skipNumbers(own?.state(epoch) ?? newest!.snapshot);
    const record: NetworkRecord = { version: 1, epoch, settings };
    await patiently(() => endStream(link, network, before));
    await patiently(() => addStream(link, network, record));
    await patiently(() => snapshots.putFirst({ epoch, after: BEGINNING, snapshot }));
    const revision = found?.revision ?? 0;
    if (!await patiently(() => writeRecord(store, { record, revision }))) {
      throw new StartError("somebody else has begun a new epoch at the same moment: theirs counts");
    }
    return { epoch, snapshot, asOf: own === undefined ? newest?.after.at : undefined };
  } catch (error) {
    throw error instanceof StreamFault ? new StartError(sentence(access, error)) : error;
  } finally {
    await link.connection.close();
  }
}

function noNetwork(network: string): string {
  return `NATS has no network ${network}: it begins with the first \`bobchat serve --nats\`, or with a file that ` +
    "belonged to it: add --history";
}
