// A bobchat that is a node of a network: opens the network, and puts together what the writer and the intake
// then have in place of the one queue. Loaded only with --nats.

import type { Chat } from "../chat/chat.ts";
import type { Batch, Cluster } from "../chat/batch.ts";
import type { Event } from "../chat/event.ts";
import { NODE_SPAN, RULES } from "../chat/node.ts";
import { Scope } from "../chat/scope.ts";
import { firstSnapshot, type Snapshot, takeSnapshot } from "../chat/snapshot.ts";
import { type Alarm, isFatal } from "../cluster/alarms.ts";
import type { Access } from "../cluster/connection.ts";
import { type Network, openNetwork } from "../cluster/network.ts";
import { ClusterQueue } from "../cluster/queue.ts";
import { SnapshotKeeper } from "../cluster/snapshot_keeper.ts";
import type { Position } from "../cluster/stream.ts";
import type { NodeHistory } from "../history/network.ts";
import { log } from "../log.ts";
import { counter, type Metrics } from "../metrics.ts";
import { yieldToEventLoop } from "../std/event_loop.ts";
import { readText } from "./files.ts";
import { machineNames } from "./machine_name.ts";
import type { Options } from "./options.ts";

const BEHIND = counter(
  "bobchat_network_behind_total",
  "Times that this server could not keep up with the others of its network.",
);

/** Options of a node. */
export interface NodeOptions {
  readonly options: Options;
  readonly history: NodeHistory;
  readonly capacity: number;
  readonly weigh: (event: Event) => number;
  readonly now: () => number;
  readonly metrics: Metrics;
  /** Called with a sentence when this node must stop: --nats-required. */
  readonly onFatal: (sentence: string) => void;
}

/** What a node has in place of the one queue. */
export interface Node {
  readonly queue: ClusterQueue;
  /** For the writer. */
  readonly cluster: Cluster;
  /** Days that a topic keeps an empty room, as all nodes have it. */
  readonly keepRooms: number;
  /** For how many minutes people may change their messages, as all nodes have it. */
  readonly editMinutes: number;
  /** The number before that of the first connection, once this node is one of the others. */
  joined(): Promise<number>;
  /** Stores a last snapshot, and leaves NATS. */
  close(): Promise<void>;
}

/** Days that the stream of a new network keeps what was said. */
export const KEEP_STREAM = 7;

/** Opens the network, and makes this bobchat's part of it. Throws a `StartError`. */
export async function openNode(parts: NodeOptions): Promise<Node> {
  const { options, history, capacity, weigh, now, metrics, onFatal } = parts;
  const name = options.node ?? machineNames()[0] ?? "node";
  const network = await openNetwork({
    ...accessOf(options),
    node: name,
    settings: {
      ...{ keepRooms: options.keepRooms, editMinutes: options.editMinutes },
      keepStream: KEEP_STREAM,
    },
    first: () => begin(options, { history, epoch: 1 }),
  });
  const start = startOf(network, { history, network: options.network });
  const uuid = crypto.randomUUID(), scope = new Scope();
  let chat: Chat | undefined;
  const queue = new ClusterQueue({
    ...{ stream: network.stream, after: start.after, tail: network.tail },
    ...{ uuid, name, knows: RULES, capacity, weigh, now, yieldToEventLoop },
    isShared: (event) => scope.isShared(chat!, event),
    onAlarm: (alarm: Alarm) => {
      if (alarm.kind === "behind" && !alarm.isOver) metrics.add(BEHIND);
      if (isFatal(alarm) && options.natsRequired) onFatal(alarm.sentence);
    },
  });
  expose(metrics, { queue, nodes: () => chat?.nodes.here ?? 0 });
  const { epoch, snapshots } = network;
  const keeper = new SnapshotKeeper({
    ...{ snapshots, epoch, after: network.start.after },
    node: () => chat?.nodes.ofProcess(uuid)?.id ?? 0,
  });
  const keepOwn = (chat: Chat) => {
    history.keepSnapshot({ ...queue.position, chat: takeSnapshot(chat) });
  };
  return {
    queue,
    keepRooms: network.settings.keepRooms,
    editMinutes: network.settings.editMinutes,
    cluster: {
      ...{ uuid, start: start.snapshot },
      started: (begun) => chat = begun,
      folded: (chat: Chat, batch: Batch, isAccepted: boolean) => {
        queue.folded(chat, batch, isAccepted);
        if (batch.isMoreComing || batch.sequence === undefined) return;
        keeper.folded(chat, queue.position);
        if (history.wantsSnapshot) keepOwn(chat);
      },
      publish: (event) => queue.publish(event),
    },
    joined: async () => {
      const id = await queue.ready;
      log.info("joined the network {network} as node {id}", { network: options.network, id });
      return id * NODE_SPAN;
    },
    close: async () => {
      if (chat !== undefined) {
        keepOwn(chat);
        if (queue.hasLeft) await keeper.last(chat, queue.position);
      }
      await network.close();
    },
  };
}

/** Has the state of the network among the metrics. */
function expose(
  metrics: Metrics,
  { queue, nodes }: { queue: ClusterQueue; nodes: () => number },
): void {
  metrics.gauge("bobchat_network_connected", "Whether this server has the others.", () => {
    return queue.isLost ? 0 : 1;
  });
  const lag = "Batches of the network's stream that this server has not handled yet.";
  metrics.gauge("bobchat_network_lag_batches", lag, () => queue.behind);
  metrics.gauge("bobchat_network_nodes", "Servers of the network that are here.", nodes);
  const alarms =
    "What is wrong with the network, as operators are told in the chat and by the log.";
  metrics.gauge("bobchat_network_alarms", alarms, () => queue.alarms);
}

/** Where NATS is, and as whom to connect. Throws a `StartError` if a file cannot be read. */
export function accessOf(
  { nats, natsCreds, natsCa, network }: Pick<Options, "nats" | "natsCreds" | "natsCa" | "network">,
): Access {
  return {
    urls: nats,
    creds: natsCreds && readText("--nats-creds", natsCreds),
    ca: natsCa && readText("--nats-ca", natsCa),
    network,
  };
}

/** The state with which a network, or a new epoch of it, begins: what a history has. */
export function begin(
  { network, keepRooms, editMinutes, replay }: Pick<
    Options,
    "network" | "keepRooms" | "editMinutes" | "replay"
  >,
  { history, epoch }: { history: NodeHistory; epoch: number },
): Snapshot {
  history.follow({ network, epoch, founds: true });
  const saved = history.load(), at = Date.now();
  const chat = { lasts: true, keepRooms, editMinutes, replay, motd: [] };
  const { snapshot, records } = firstSnapshot(chat, { saved, time: { at, dueAt: at } });
  history.commit(records);
  return snapshot;
}

/** Where this node begins: at its file's own snapshot, so that no message is missing there, or the network's. */
function startOf(
  { epoch, isNew, start, oldest }: Network,
  { history, network }: { history: NodeHistory; network: string },
): { readonly after: Position; readonly snapshot: Snapshot } {
  const { snapshot: own } = history.follow({ network, epoch, founds: isNew });
  if (own !== undefined && own.sequence + 1 >= oldest) return { after: own, snapshot: own.chat };
  history.startAt({ ...start.after, chat: start.snapshot });
  return start;
}
