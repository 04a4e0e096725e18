// A network: several bobchats that are one chat. Opens its present epoch: its stream, its object store with the
// snapshots, and its record. The first bobchat begins the network.

import type { ObjectStore } from "@nats-io/obj";
import type { Snapshot } from "../chat/snapshot.ts";
import { StartError } from "../errors.ts";
import { log } from "../log.ts";
import { type Access, openLink, patiently, sentence } from "./connection.ts";
import { type Link, NatsStream } from "./jetstream.ts";
import { type NetworkRecord, readRecord, type Settings, writeRecord } from "./record.ts";
import { type Saved, Snapshots } from "./snapshots.ts";
import { addStream, nameOf, openStore } from "./store.ts";
import { BEGINNING, StreamFault } from "./stream.ts";

/** Options of a bobchat that joins a network. */
export interface NetworkOptions extends Access {
  /** What people call this bobchat. */
  readonly node: string;
  /** The settings of a network that begins now. */
  readonly settings: Settings;
  /** The state with which a network begins; asked for only if this bobchat may begin it. */
  readonly first: () => Snapshot;
}

/** An open network. */
export interface Network {
  readonly epoch: number;
  /** Whether this bobchat has begun the network just now, with its own state. */
  readonly isNew: boolean;
  readonly settings: Settings;
  readonly stream: NatsStream;
  readonly snapshots: Snapshots;
  /** The newest snapshot. */
  readonly start: Saved;
  /** The numbers of the oldest and the newest message of the stream. */
  readonly oldest: number;
  readonly tail: number;
  close(): Promise<void>;
}

/** Milliseconds until another bobchat, which has begun to begin the network, is taken to have ended. */
const BEGUN_WITHIN = 3000;

/** Opens a network, and begins it if it is new. Throws a `StartError`: one sentence that says what to do. */
export async function openNetwork(options: NetworkOptions): Promise<Network> {
  const { network, node, settings, first } = options;
  const link = await openLink(options, `bobchat ${node}`);
  try {
    const store = await patiently(() => openStore(link, network));
    const beginning = new Beginning({ link, store, network, settings, first });
    const { epoch, settings: agreed } = await patiently(async () =>
      (await readRecord(store))?.record ?? await beginning.begin()
    );
    const name = nameOf(network, epoch);
    const subject = `bobchat.${network}.${epoch}.${node.replace(/[^-\w]/g, "-")}`;
    const stream = new NatsStream(link, { name, subject });
    const snapshots = new Snapshots(store);
    const start = await patiently(() => snapshots.newest());
    if (start === undefined || start.epoch !== epoch) {
      throw new StartError(
        `the network ${network} has no snapshot to start from: begin a new epoch with \`bobchat network new\``,
      );
    }
    const { first: oldest, last } = await patiently(() => stream.range());
    if (oldest > start.after.sequence + 1) throw new StartError(tooOld(name, start));
    const close = () => link.connection.close();
    const { isOurs: isNew } = beginning;
    return { epoch, isNew, settings: agreed, stream, snapshots, start, oldest, tail: last, close };
  } catch (error) {
    await link.connection.close();
    throw error instanceof StreamFault ? new StartError(sentence(options, error)) : error;
  }
}

/** What a network is begun with. */
interface BeginningOptions extends Pick<NetworkOptions, "network" | "settings" | "first"> {
  readonly link: Link;
  readonly store: ObjectStore;
}

/** Begins a network, unless another bobchat does so at the same moment. */
class Beginning {
  /** Whether the network began with this bobchat's state. */
  isOurs = false;
  readonly #options: BeginningOptions;
  readonly #since = performance.now();
  #snapshot: Snapshot | undefined;

  constructor(options: BeginningOptions) {
    this.#options = options;
  }

  /** Tries once. Whose snapshot is stored first has begun the network. */
  async begin(): Promise<NetworkRecord> {
    const { link, store, network, settings, first } = this.#options;
    const record: NetworkRecord = { version: 1, epoch: 1, settings };
    await addStream(link, network, record);
    this.#snapshot ??= first();
    const saved = { epoch: record.epoch, after: BEGINNING, snapshot: this.#snapshot };
    this.isOurs = await new Snapshots(store).putFirst(saved) || this.isOurs;
    // The other has the record still to write; if it has ended meanwhile, this one does.
    const isLate = performance.now() - this.#since > BEGUN_WITHIN;
    if (!this.isOurs && !isLate) {
      throw new StreamFault("late", "another bobchat begins the network");
    }
    if (!await writeRecord(store, { record, revision: 0 })) {
      throw new StreamFault("late", "another bobchat has begun the network");
    }
    log.info("began the network {network}", { network });
    return record;
  }
}

function tooOld(name: string, { after: { sequence } }: Saved): string {
  return `the stream ${name} no longer reaches back to the newest snapshot (message ${sequence}): begin a new ` +
    "epoch with `bobchat network new`";
}
