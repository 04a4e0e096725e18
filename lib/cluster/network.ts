// A network: several bobchats that are one chat. Connects to NATS, and opens the network's present epoch: its
// stream, its object store with the snapshots, and its record. The first bobchat begins the network.

import { checkServerIdentity, type PeerCertificate } from "node:tls";
import {
  DiscardPolicy,
  jetstream,
  JetStreamApiError,
  type JetStreamManager,
  RetentionPolicy,
  StorageType,
  type StreamConfig,
} from "@nats-io/jetstream";
import { type ObjectStore, Objm } from "@nats-io/obj";
import {
  connect,
  type ConnectionOptions,
  credsAuthenticator,
  errors,
  nanos,
  type NatsConnection,
} from "@nats-io/transport-node";
import type { Snapshot } from "../chat/snapshot.ts";
import { StartError } from "../errors.ts";
import { log } from "../log.ts";
import { plural } from "../std/plural.ts";
import { ANSWER_WITHIN, faults, type Link, NatsStream } from "./jetstream.ts";
import { type NetworkRecord, readRecord, type Settings, writeRecord } from "./record.ts";
import { skipNumbers } from "./skip.ts";
import { type Saved, Snapshots } from "./snapshots.ts";
import { BEGINNING, StreamFault } from "./stream.ts";

/** Where NATS is, and as whom to connect. */
export interface Access {
  /** Addresses: `HOST`, `nats://HOST:4222` or `tls://HOST:4222`, with a user and password if need be. */
  readonly urls: readonly string[];
  /** The text of a creds file, and of a file of CA certificates. */
  readonly creds?: string;
  readonly ca?: string;
  /** The name of the network: letters, digits, `_` and `-`. */
  readonly network: string;
}

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

/** The most bytes of one message to NATS: its own default. */
const MOST_PAYLOAD = 1024 * 1024;
/** Milliseconds to connect, and for NATS to be ready, at the start. */
const CONNECT_WITHIN = 5000, READY_WITHIN = 10_000;
/** Milliseconds until another bobchat, which has begun to begin the network, is taken to have ended. */
const BEGUN_WITHIN = 3000;
/** Milliseconds until what failed at the start is tried again. */
const RETRY = 250;
/** How many copies of everything NATS keeps, where it has enough servers for it. */
const COPIES = 3;
/** JetStream's numbers for "not enough servers". */
const TOO_FEW_SERVERS = [10005, 10023, 10074];
const MS_A_DAY = 86_400_000;

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

/** A state to begin a new epoch with, in place of the newest snapshot. */
export interface OwnState {
  /** The last epoch that it knows; 0: none. */
  readonly epoch: number;
  /** The settings, if NATS has none. */
  readonly settings: Settings;
  /** Gives the state for this epoch. */
  state(epoch: number): Snapshot;
}

/** Begins a new epoch of a network. Throws a `StartError`. */
export async function newEpoch(
  access: Access,
  own?: OwnState,
): Promise<{ readonly epoch: number; readonly snapshot: Snapshot }> {
  const { network } = access;
  const link = await openLink(access, "bobchat network new");
  try {
    const isThere = await patiently(() => has(link.manager, `OBJ_bobchat_${network}`));
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
    return { epoch, snapshot };
  } catch (error) {
    throw error instanceof StreamFault ? new StartError(sentence(access, error)) : error;
  } finally {
    await link.connection.close();
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

/** The name of an epoch's stream. */
function nameOf(network: string, epoch: number): string {
  return `bobchat_${network}_${epoch}`;
}

async function addStream(
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
async function endStream({ manager }: Link, network: string, epoch: number): Promise<void> {
  const ended = [`bobchat.${network}.${epoch}.ended.*`];
  try {
    await faults(manager.streams.update(nameOf(network, epoch), { subjects: ended }));
  } catch (error) {
    if (!(error instanceof StreamFault) || error.kind !== "gone") throw error;
  }
}

async function openStore({ client, manager }: Link, network: string): Promise<ObjectStore> {
  const name = `bobchat_${network}`, stores = new Objm(client);
  // What is there may have another number of copies than it would be given now.
  if (await has(manager, `OBJ_${name}`)) return await faults(stores.open(name));
  return await withCopies((replicas) => stores.create(name, { replicas }));
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

/** Makes something with three copies, or with one if NATS has too few servers for that. */
async function withCopies<T>(make: (copies: number) => Promise<T>): Promise<T> {
  try {
    return await faults(make(COPIES));
  } catch (error) {
    if (!(error instanceof StreamFault) || !isTooFew(error.cause)) throw error;
  }
  return await faults(make(1));
}

function isTooFew(cause: unknown): boolean {
  return cause instanceof JetStreamApiError && TOO_FEW_SERVERS.includes(cause.code);
}

/** Connects. It never waits for a NATS that is away: later, it tries to connect again for ever. */
async function openLink(access: Access, name: string): Promise<Link> {
  if (!/^[-\w]{1,32}$/.test(access.network)) {
    throw new StartError("the name of a network is 1 to 32 letters, digits, `_` and `-`");
  }
  let connection: NatsConnection;
  try {
    connection = await connect({
      ...addressesOf(access),
      name,
      timeout: CONNECT_WITHIN,
      maxReconnectAttempts: -1,
      reconnectTimeWait: 250,
      pingInterval: 5000,
      maxPingOut: 2,
      // Credentials that are refused for a moment, as while a server is set up, must not end it for good.
      ignoreAuthErrorAbort: true,
    });
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    throw new StartError(sentence(access, error), { cause: error });
  }
  const takes = connection.info?.max_payload ?? MOST_PAYLOAD;
  if (takes < MOST_PAYLOAD) {
    await connection.close();
    throw new StartError(
      `NATS takes messages of ${takes} bytes at most, and bobchat sends up to ${MOST_PAYLOAD}: raise max_payload ` +
        "in its configuration",
    );
  }
  const client = jetstream(connection, { timeout: ANSWER_WITHIN });
  // Whether it has JetStream is found out by the first question, which is asked again for a while.
  const manager = await client.jetstreamManager(false);
  return { connection, client, manager };
}

function addressesOf({ urls, creds, ca }: Access): ConnectionOptions {
  const parsed = urls.map(parse);
  const [{ username, password }] = parsed as [URL];
  return {
    servers: parsed.map(({ host }) => host),
    ...(username && { user: decodeURIComponent(username), pass: decodeURIComponent(password) }),
    ...(creds && { authenticator: credsAuthenticator(new TextEncoder().encode(creds)) }),
    ...((ca || parsed.some(({ protocol }) => protocol === "tls:")) && { tls: tlsOf(parsed, ca) }),
  };
}

/** For TLS: whom to trust, and by which names. */
function tlsOf(parsed: readonly URL[], ca: string | undefined) {
  const names = parsed.map(({ hostname }) => hostname.replace(/^\[|\]$/g, ""));
  return {
    // As text: the file itself can no longer be read when it comes to connecting again.
    ...(ca && { ca }),
    // Of an address without a name, the library would check that its certificate is for `localhost`.
    checkServerIdentity: (_host: string, certificate: PeerCertificate) => {
      const faults = names.map((name) => checkServerIdentity(name, certificate));
      return faults.includes(undefined) ? undefined : faults[0];
    },
  };
}

function parse(url: string): URL {
  const whole = url.includes("://") ? url : `nats://${url}`;
  const parsed = URL.canParse(whole) ? new URL(whole) : undefined;
  if (parsed !== undefined && ["nats:", "tls:"].includes(parsed.protocol) && parsed.host !== "") {
    return parsed;
  }
  const shown = url.replace(/\/\/[^@/]*@/, "//");
  throw new StartError(
    `${shown} is no address of NATS: write nats://HOST:4222, or tls://HOST:4222`,
  );
}

/** Tries until it works or the time for it is over: NATS may have just started, or be choosing a leader. */
async function patiently<T>(run: () => Promise<T>): Promise<T> {
  const end = performance.now() + READY_WITHIN;
  for (;;) {
    try {
      return await run();
    } catch (error) {
      const mayPass = error instanceof StreamFault && ["late", "nobody"].includes(error.kind);
      if (!mayPass || performance.now() > end) throw error;
      log.debug("NATS is not ready: {why}", { why: error.message });
    }
    await new Promise((resolve) => setTimeout(resolve, RETRY));
  }
}

function noNetwork(network: string): string {
  return `NATS has no network ${network}: it begins with the first \`bobchat serve --nats\`, or with a file that ` +
    "belonged to it: add --history";
}

function tooOld(name: string, { after: { sequence } }: Saved): string {
  return `the stream ${name} no longer reaches back to the newest snapshot (message ${sequence}): begin a new ` +
    "epoch with `bobchat network new`";
}

/** What is wrong, and what to do. */
function sentence({ urls }: Access, error: Error): string {
  const where = urls.map((url) => parse(url).host).join(", ");
  const at = `NATS at ${where}`;
  if (error instanceof errors.AuthorizationError) {
    return `${at} refuses this bobchat (${error.message}): see --nats-creds, and what NATS's users may do`;
  }
  if (error instanceof StreamFault) {
    if (error.kind === "nobody") {
      return `${at} has no JetStream for this bobchat: start nats-server with -js, and see its log`;
    }
    if (error.kind === "late") return `${at} does not answer: see its log, and start bobchat again`;
    if (error.kind === "full") {
      return `${at} has no room left (${error.message}): free space on its disk, or raise its limit`;
    }
    return `${at} does not let this bobchat in (${error.message}): see what its user may do`;
  }
  if (/certificate|altname/i.test(error.message)) {
    return `${at} cannot be trusted (${error.message}): see --nats-ca, and what names its certificate is for`;
  }
  return `cannot connect to ${at} (${error.message}): see that it runs there, and start bobchat again`;
}
