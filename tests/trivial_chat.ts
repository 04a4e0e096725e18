// The least state that a cluster can share: a list of texts, and the nodes. Tests of lib/cluster fold into it
// what the real writer folds into the chat, and compare what each bobchat has.

import type { Batch } from "../lib/chat/batch.ts";
import type { Envelope } from "../lib/chat/envelope.ts";
import type { Event, SharedEvent } from "../lib/chat/event.ts";
import type { View } from "../lib/cluster/own_node.ts";
import type { ClusterQueue } from "../lib/cluster/queue.ts";

/** A node of the trivial state. */
interface TrivialNode {
  readonly id: number;
  readonly uuid: string;
  epoch: number;
  counter: number;
  gone: true | undefined;
}

/** A bobchat whose state is what was said. */
export class TrivialChat {
  /** All that was said by all, in order. */
  readonly said: string[] = [];
  /** What was answered here alone: each with how much had been said by then. */
  readonly answered: { readonly text: string; readonly after: number }[] = [];
  /** What people here were told of the network. */
  readonly told: (boolean | string)[] = [];
  readonly nodes: TrivialNode[] = [];
  /** The rules that all nodes know. */
  common = 1;
  /** Called after each batch. */
  onBatch: (batch: Batch) => void = () => {};
  readonly uuid: string;

  constructor(uuid: string) {
    this.uuid = uuid;
  }

  /** What the queue is told. */
  get view(): View {
    return { rules: 1, nodes: { all: () => this.nodes, common: () => this.common } };
  }

  /** The nodes that are here. */
  get here(): readonly TrivialNode[] {
    return this.nodes.filter(({ gone }) => gone === undefined);
  }

  /** Folds all batches, to the end. */
  async run(queue: ClusterQueue): Promise<void> {
    for await (const batch of queue) {
      const { envelope, local } = batch;
      const isAccepted = envelope === undefined || this.#accept(envelope);
      for (const event of isAccepted ? batch.events : []) {
        if (local?.has(event)) this.#answer(event);
        else this.#fold(event as SharedEvent, queue);
      }
      queue.folded(this.view, batch, isAccepted);
      this.onBatch(batch);
    }
  }

  #accept({ node, epoch, counter, events: [first] }: Envelope): boolean {
    if (node === 0) return first !== undefined;
    const found = this.nodes.find(({ id }) => id === node);
    if (found === undefined) return false;
    const isBack = found.gone && first?.kind === "node back" && epoch === found.epoch;
    if (found.gone && !isBack) return false;
    if (epoch !== found.epoch || counter !== found.counter + 1) return false;
    found.counter = counter;
    if (isBack) found.gone = undefined;
    return true;
  }

  #fold(event: SharedEvent, queue: ClusterQueue): void {
    if (event.kind === "node came") {
      const id = this.nodes.length + 1;
      this.nodes.push({ id, uuid: event.uuid, epoch: 1, counter: 1, gone: undefined });
    } else if (event.kind === "node gone") {
      const node = this.nodes.find(({ id }) => id === event.node)!;
      if (node.gone || node.epoch !== event.epoch || node.counter !== event.counter) return;
      Object.assign(node, { gone: true, epoch: node.epoch + 1, counter: 0 });
      if (node.uuid !== this.uuid) return;
      queue.publish({ kind: "node back", node: node.id, epoch: node.epoch });
    } else if (event.kind === "node left") {
      this.nodes.find(({ id }) => id === event.node)!.gone = true;
    } else if (event.kind === "typed" && event.input.kind === "text") {
      this.said.push(event.input.text);
    }
  }

  #answer(event: Event): void {
    if (event.kind === "network") this.told.push("alarm" in event ? event.alarm : event.isLost);
    else if (event.kind === "typed" && event.input.kind === "command") {
      this.answered.push({ text: event.input.text, after: this.said.length });
    }
  }
}

/** A text that somebody says. */
export function say(text: string): SharedEvent {
  return { kind: "typed", id: 1, input: { kind: "text", text } };
}

/** A request that is answered to its asker alone. */
export function ask(text: string): Event {
  return { kind: "typed", id: 1, input: { kind: "command", name: "ask", text } };
}

/** What of the above goes to the stream. */
export function isShared(event: Event): event is SharedEvent {
  return !(event.kind === "network" || event.kind === "typed" && event.input.kind === "command");
}
