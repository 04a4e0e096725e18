// The writer's part in a network: folds the envelopes of the stream, answers this node's own requests in their
// place between them, and spares its people what the others saw while this node was taken for gone.

import { administered } from "./administered.ts";
import { type Batch, type Cluster, ClusterError } from "./batch.ts";
import type { Chat } from "./chat.ts";
import type { Connections } from "./connections.ts";
import { accept, advance, foldFrom } from "./envelope.ts";
import type { Event, SharedEvent, Time } from "./event.ts";
import type { History } from "./history.ts";
import { type NodeId, RULES } from "./node.ts";
import type { Node } from "./nodes.ts";

/** Options of the network's part. */
export interface NetworkOptions {
  readonly cluster: Cluster;
  readonly connections: Connections;
  readonly history: History;
  /** The time of local requests that came in no envelope. */
  readonly clock: () => Time;
  /** Answers a local request of this node. */
  readonly answer: (event: Event, time: Time) => void;
}

/** The network as its writer has it: which node is its own, and what that has under way. */
export class Network {
  readonly #chat: Chat;
  readonly #options: NetworkOptions;
  /** This node's number, once it has one. */
  #id: NodeId | undefined;
  /** Whether this node has stopped, as the stream has it. */
  #hasLeft = false;
  /** Whether changes on disk were published, and have not come back yet. */
  #isAdministering = false;
  /** Whether a tick has passed since `takeTick`. */
  #hasTicked = false;

  constructor(chat: Chat, options: NetworkOptions) {
    this.#chat = chat;
    this.#options = options;
  }

  /** Handles a batch; returns whether it counted. Throws a `ClusterError` if this node cannot fold it. */
  handle({ events, local, envelope, at = 0 }: Batch): boolean {
    if (envelope === undefined) {
      const time = this.#options.clock();
      for (const event of events) this.#answer(event, time);
      return true;
    }
    const chat = this.#chat;
    if (!accept(chat, envelope)) return false;
    const { time, hasTicked } = advance(chat, at);
    this.#hasTicked ||= hasTicked;
    for (const event of events) {
      if (local?.has(event)) this.#answer(event, time);
      else this.#fold(envelope.node, event as SharedEvent, time);
    }
    return true;
  }

  /** Whether the network has forgotten this node, so that it cannot go on. */
  get isForgotten(): boolean {
    return this.#id !== undefined && !this.#hasLeft && this.#own === undefined;
  }

  /** Whether this node has its number: what comes from now on is new. */
  get isIn(): boolean {
    return this.#id !== undefined;
  }

  /** Whether a tick has passed since this was last asked. */
  takeTick(): boolean {
    const had = this.#hasTicked;
    this.#hasTicked = false;
    return had;
  }

  /** Publishes what other programs have changed on disk. All records of the chat must be there already. */
  publishChanges(): void {
    const { cluster, history } = this.#options;
    if (this.#isAdministering || this.#own === undefined || this.#own.gone !== undefined) return;
    const saved = history.changed();
    if (saved === undefined) return;
    const event = administered(this.#chat, saved);
    if (event.changes.length === 0) return;
    this.#isAdministering = true;
    cluster.publish(event);
  }

  /** Sends everyone on this node a last notice, then ends their connections. */
  close(text: string): void {
    const { effects } = this.#chat;
    effects.push({ kind: "everyone", deliveries: [{ kind: "notice", text }] });
    for (const connection of this.#options.connections.ids()) {
      effects.push({ kind: "end", connection, why: "server closed" });
    }
  }

  get #own(): Node | undefined {
    return this.#id === undefined ? undefined : this.#chat.nodes.get(this.#id);
  }

  #answer(event: Event, time: Time): void {
    if (event.kind === "job done") this.#options.connections.noteDone(event);
    this.#options.answer(event, time);
  }

  #fold(sender: NodeId, event: SharedEvent, time: Time): void {
    const chat = this.#chat;
    const act = () => foldFrom(chat, sender, event, time);
    switch (event.kind) {
      case "node came":
        act();
        this.#id ??= chat.nodes.ofProcess(this.#options.cluster.uuid)?.id;
        return;
      case "node left":
        if (event.node !== this.#id) return act();
        // The people of this node are told when it closes.
        this.#hasLeft = true;
        return chat.effects.filter(() => false, act);
      case "node gone":
        return event.node === this.#id ? this.#survive(act) : act();
      case "node back":
        // Nobody on this node has heard that the others on it left.
        if (event.node === this.#id) return chat.effects.filter(({ kind }) => kind !== "room", act);
        return act();
      case "rules":
        act();
        if (chat.rules <= RULES) return;
        throw new ClusterError("the network uses newer rules than this bobchat knows: update it");
      case "administered":
        if (sender === this.#id) this.#isAdministering = false;
        return act();
      case "job done":
        this.#options.connections.noteDone(event);
        return act();
      default:
        return act();
    }
  }

  /** This node was taken for gone, and is here: its people need not know, and the others are told. */
  #survive(act: () => void): void {
    const wasGone = this.#own?.gone !== undefined;
    this.#chat.effects.filter(() => false, act);
    const own = this.#own;
    if (own?.gone === undefined || wasGone) return;
    this.#options.cluster.publish({ kind: "node back", node: own.id, epoch: own.epoch });
  }
}
