// What a network has on JetStream: a stream for each epoch, and one object store; how they are set up, and why.

import {
  DiscardPolicy,
  JetStreamApiError,
  type JetStreamManager,
  RetentionPolicy,
  StorageType,
  type StreamConfig,
} from "@nats-io/jetstream";
import { type ObjectStore, Objm } from "@nats-io/obj";
import { nanos } from "@nats-io/transport-node";
import { log } from "../log.ts";
import { plural } from "../std/plural.ts";
import { delay } from "../std/typed.ts";
import { faults, type Link } from "./jetstream.ts";
import type { NetworkRecord } from "./record.ts";
import { StreamFault } from "./stream.ts";

/** How many copies of everything NATS keeps, where it has enough servers for it. */
const COPIES = 3;
/** JetStream's number for "not one of several servers", and those for "not enough of them". */
const ALONE = 10074, TOO_FEW = [10005, 10023];
/** Milliseconds to wait for servers that have just started to find each other; and until they are asked again. */
const TOGETHER_WITHIN = 5000, ASK_AGAIN = 100;
const MS_A_DAY = 86_400_000;

/** The name of an epoch's stream. */
export function nameOf(network: string, epoch: number): string {
  return `bobchat_${network}_${epoch}`;
}

/** Makes the stream of an epoch, unless it is there. */
export async function addStream(
  { manager }: Link,
  network: string,
  { epoch, settings }: NetworkRecord,
): Promise<void> {
  const name = nameOf(network, epoch);
  if (await has(manager, name)) return;
  const config: Partial<StreamConfig> & { name: string } = {
    name,
    // The epoch is in the subject: nobody publishes into a stream that is not the one they read.
    subjects: [`bobchat.${network}.${epoch}.*`],
    // Memory would lose all that was said with a restart of NATS.
    storage: StorageType.File,
    retention: RetentionPolicy.Limits,
    // The one limit: with max_bytes, words that were acknowledged vanished, or words were refused. What limits
    // the disk is the server's own max_file_store; a full one is an alarm, and words wait.
    max_age: nanos(settings.keepStream * MS_A_DAY),
    max_bytes: -1,
    max_msgs: -1,
    max_msgs_per_subject: -1,
    discard: DiscardPolicy.New,
    // Nobody takes a message out of the middle: every message must be the one after the last.
    deny_delete: true,
    deny_purge: true,
    // Messages are looked at where they are certain: at the leader.
    allow_direct: false,
    // How long NATS knows an envelope again that is sent twice; after that, the fold does.
    duplicate_window: nanos(120_000),
  };
  const { config: { num_replicas: copies } } = await withCopies((num_replicas) =>
    manager.streams.add({ ...config, num_replicas })
  );
  log.info("made the stream {name}: NATS keeps {copies} of it", {
    ...{ name, copies: plural(copies, "copy", "copies") },
  });
}

/** Has an epoch's stream take no more, so that nobody goes on in it; what it has is kept as long as before. */
export async function endStream({ manager }: Link, network: string, epoch: number): Promise<void> {
  const ended = [`bobchat.${network}.${epoch}.ended.*`];
  try {
    await faults(manager.streams.update(nameOf(network, epoch), { subjects: ended }));
  } catch (error) {
    if (!(error instanceof StreamFault) || error.kind !== "gone") throw error;
  }
}

/** Opens the object store of a network, or makes it. */
export async function openStore({ client, manager }: Link, network: string): Promise<ObjectStore> {
  const name = `bobchat_${network}`, stores = new Objm(client);
  // What is there may have another number of copies than it would be given now.
  if (await has(manager, `OBJ_${name}`)) return await faults(stores.open(name));
  return await withCopies((replicas) => stores.create(name, { replicas }));
}

/** Whether a network has begun, or tried to. */
export async function hasStore({ manager }: Link, network: string): Promise<boolean> {
  return await has(manager, `OBJ_bobchat_${network}`);
}

async function has(manager: JetStreamManager, stream: string): Promise<boolean> {
  try {
    await faults(manager.streams.info(stream));
    return true;
  } catch (error) {
    if (error instanceof StreamFault && error.kind === "gone") return false;
    throw error;
  }
}

/** Makes something with three copies, or with one if NATS has too few servers for that, and keeps having. */
async function withCopies<T>(make: (copies: number) => Promise<T>): Promise<T> {
  const end = performance.now() + TOGETHER_WITHIN;
  for (;;) {
    try {
      return await faults(make(COPIES));
    } catch (error) {
      const code = error instanceof StreamFault ? codeOf(error) : undefined;
      const isTooFew = code !== undefined && TOO_FEW.includes(code);
      if (code === ALONE || isTooFew && performance.now() > end) return await faults(make(1));
      if (!isTooFew) throw error;
    }
    await delay(ASK_AGAIN);
  }
}

function codeOf({ cause }: StreamFault): number | undefined {
  return cause instanceof JetStreamApiError ? cause.code : undefined;
}
