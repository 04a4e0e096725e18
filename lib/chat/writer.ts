// The one writer: takes a batch from the queue, folds each event into the chat, or answers it, has the history
// keep the records, then fans out. It never waits for a socket: an outbox takes its chunk and returns.

import { administered } from "./administered.ts";
import { answer } from "./answer.ts";
import { type Batch, type Cluster, ClusterError } from "./batch.ts";
import { Chat, type ChatOptions } from "./chat.ts";
import type { Connections } from "./connections.ts";
import type { Event, NetworkNotice, Time } from "./event.ts";
import { FanOut, type FanOutOptions } from "./fan_out.ts";
import { fold } from "./fold.ts";
import { HistoryWatch } from "./history_watch.ts";
import { Network } from "./network.ts";
import { close } from "./presence.ts";
import { isShared } from "./scope.ts";
import { restoreSnapshot } from "./snapshot.ts";
import { counters, histogram, type Metrics } from "../metrics.ts";

const BATCH = histogram({
  name: "bobchat_batch_events",
  help: "Events that are handled at once.",
  bounds: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000],
});
/** What people have said. */
export const MESSAGES = counters({
  name: "bobchat_messages_total",
  help: "Messages that people have sent, to a room or to a person.",
  label: "to",
  values: ["room", "person"],
});

/** Options of the writer, whatever the queue. */
export interface WriterOptions extends Omit<ChatOptions, "lasts">, FanOutOptions {
  /** The time of a batch that was just taken. */
  readonly clock: () => Time;
}

/** What a bobchat on its own has besides. */
interface Alone {
  readonly batches: AsyncIterable<readonly Event[]>;
}

/** What a node of a network has besides. */
interface OnNode {
  readonly batches: AsyncIterable<Batch>;
  readonly cluster: Cluster;
}

/** What everyone is told at the end. */
const GOODBYE = "The room is closing: goodbye";

/** Runs until the batches end, then sends everyone a last notice and ends their connections. */
export async function write(options: WriterOptions & Alone): Promise<void> {
  const { batches, clock, connections, history } = options;
  const chat = new Chat({ ...options, lasts: history.lasts });
  const fanOut = new FanOut(options);
  const watch = new HistoryWatch(history);
  expose(chat, options.metrics);
  fold(chat, { kind: "restored", saved: history.load() }, clock());
  for await (const events of batches) {
    const time = clock();
    options.metrics.observe(BATCH, events.length);
    // Between two commits: the chat may know what the file does not yet.
    if (events.some(isCautious)) takeChanges(chat, options, time);
    for (const event of events) {
      if (event.kind === "job done") connections.noteDone(event);
      if (isShared(chat, event)) fold(chat, event, time);
      else answerLocal(chat, event, { connections, time });
      if (event.kind === "tick") watch.tell(chat);
    }
    finish(chat, options, fanOut);
  }
  chat.effects.asker = 0;
  close(chat, GOODBYE);
  finish(chat, options, fanOut);
}

/** The same on a node of a network. Rejects with a `ClusterError` once the node cannot go on. */
export async function writeOnNode(options: WriterOptions & OnNode): Promise<void> {
  const { batches, cluster, clock, connections, history } = options;
  const chat = begin(options, cluster);
  const fanOut = new FanOut(options);
  const watch = new HistoryWatch(history);
  const network = new Network(chat, {
    ...{ cluster, connections, history, clock },
    answer: (event, time) => answerLocal(chat, event, { connections, time }),
  });
  cluster.started(chat);
  expose(chat, options.metrics);
  for await (const batch of batches) {
    options.metrics.observe(BATCH, batch.events.length);
    const isAccepted = network.handle(batch);
    // Of what a history has from an earlier run, each batch is given to it with its own place in the stream.
    if (!batch.isMoreComing || !network.isIn || network.isForgotten) {
      const hasTicked = network.takeTick();
      if (hasTicked) watch.tell(chat);
      finish(chat, options, fanOut, batch.sequence);
      if (hasTicked) network.publishChanges();
    }
    if (network.isForgotten) {
      throw new ClusterError("this bobchat was away for so long that its network has forgotten it");
    }
    cluster.folded(chat, batch, isAccepted);
  }
  chat.effects.asker = 0;
  network.close(GOODBYE);
  finish(chat, options, fanOut);
}

/** The chat as the network's snapshot has it. Throws a `ClusterError` if that is not for this program. */
function begin(options: WriterOptions, { start }: Cluster): Chat {
  try {
    return restoreSnapshot({ ...options, lasts: true }, start);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    const text =
      `the network has ${error.message}: start the version of bobchat that the others are`;
    throw new ClusterError(text, { cause: error });
  }
}

/** Answers a request of this node's own, or tells its people how the network is. */
function answerLocal(
  chat: Chat,
  event: Event,
  { connections, time }: { connections: Connections; time: Time },
): void {
  if (event.kind === "network") return tellNetwork(chat, event, time);
  if (event.kind !== "typed" && event.kind !== "job done") return;
  const local = connections.get(event.id);
  if (local !== undefined) answer(chat, event, { local, time });
}

/** Tells the people on this node, or its operators, how the network is. */
function tellNetwork(chat: Chat, event: NetworkNotice, { at }: Time): void {
  if ("alarm" in event) {
    for (const member of chat.members.values()) {
      if (member.account?.isOperator) chat.tell(member, event.alarm);
    }
    return;
  }
  const text = event.isLost
    ? "This server has lost the others: what you say is sent when they are back"
    : "This server has found the others again";
  chat.effects.push({ kind: "everyone", deliveries: [{ kind: "notice", text, at }] });
}

/** Commits the records of a batch, and only then fans out. */
function finish(
  chat: Chat,
  { history, metrics }: WriterOptions,
  fanOut: FanOut,
  sequence?: number,
): void {
  const records = chat.takeRecords();
  for (const record of records) {
    if (record.kind !== "said") continue;
    metrics.add(record.message.room === undefined ? MESSAGES.person : MESSAGES.room);
  }
  if (records.length > 0 || sequence !== undefined) history.commit(records, sequence);
  fanOut.run(chat.effects.take(), chat.at);
}

/** Has the size of the chat among the metrics. */
function expose(chat: Chat, metrics: Metrics): void {
  metrics.gauge("bobchat_members", "People in the chat, on all servers of a network.", () => {
    return chat.members.size;
  });
  metrics.gauge("bobchat_rooms", "Rooms, the lobby included.", () => chat.rooms.size);
}

/** Takes over what other programs have changed on disk. */
function takeChanges(chat: Chat, { history }: WriterOptions, time: Time): void {
  const saved = history.changed();
  if (saved === undefined) return;
  const event = administered(chat, saved);
  if (event.changes.length > 0) fold(chat, event, time);
}

/** Whether an event may change what other programs change too, so that their changes must be read first. */
function isCautious(event: Event): boolean {
  if (event.kind === "typed") return event.input.kind === "command";
  return event.kind === "tick" || event.kind === "job done";
}
