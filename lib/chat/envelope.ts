// Envelopes: what the nodes of a network send each other through the one stream, and which of them count. All
// nodes fold the same envelopes in the same order, so all have the same state.

import type { Chat } from "./chat.ts";
import type { SharedEvent, Time } from "./event.ts";
import { fold } from "./fold.ts";
import { type NodeId, nodeOf } from "./node.ts";

/** What a node publishes at once: one message of the stream, as JSON. Without events it only says that the node is there. */
export interface Envelope {
  /** The rules by which its events are to be folded. */
  readonly rules: number;
  /** Its sender; 0 while that has no number: then it holds a `node came`, and has epoch 1 and counter 1. */
  readonly node: NodeId;
  /** Grows by one when a node that was taken for gone comes back, with a `node back` as the first event. */
  readonly epoch: number;
  /** Grows by one with each envelope of a node and epoch, from 1. */
  readonly counter: number;
  readonly events: readonly SharedEvent[];
}

/** Milliseconds between two ticks of a network, by the time of its stream. */
const TICK = 2000;

/**
 * Whether an envelope counts: its sender is known and here, or comes, or comes back; it is of the sender's
 * present epoch, and its counter is the next. Notes it if so. One that does not count changes nothing.
 */
export function accept(chat: Chat, { rules, node: id, epoch, counter, events }: Envelope): boolean {
  if (rules > chat.rules) return false;
  const [first] = events;
  if (id === 0) {
    return first?.kind === "node came" && epoch === 1 && counter === 1 &&
      first.knows >= chat.rules && chat.nodes.ofProcess(first.uuid) === undefined;
  }
  const node = chat.nodes.get(id);
  if (node === undefined || epoch !== node.epoch || counter !== node.counter + 1) return false;
  const isBack = first?.kind === "node back" && first.node === id && first.epoch === epoch;
  if (node.gone !== undefined && (!isBack || node.knows < chat.rules)) return false;
  node.counter = counter;
  return true;
}

/** The time of an envelope that counts: the stream's (epoch ms), never before that of an earlier one. Ticks when it is due. */
export function advance(chat: Chat, at: number): { time: Time; hasTicked: boolean } {
  chat.lastAt = Math.max(chat.lastAt, at);
  const time = { at: chat.lastAt, dueAt: chat.lastAt };
  const hasTicked = chat.lastAt - chat.lastTick >= TICK;
  if (hasTicked) {
    chat.lastTick = chat.lastAt;
    fold(chat, { kind: "tick", isSure: true }, time);
  }
  return { time, hasTicked };
}

/** Folds an event of an envelope that counts, if its sender may send it. */
export function foldFrom(chat: Chat, node: NodeId, event: SharedEvent, time: Time): void {
  if (maySend(chat, node, event)) fold(chat, event, time);
}

/** Folds an envelope; returns whether it counts. */
export function foldEnvelope(chat: Chat, envelope: Envelope, at: number): boolean {
  if (!accept(chat, envelope)) return false;
  const { time } = advance(chat, at);
  for (const event of envelope.events) foldFrom(chat, envelope.node, event, time);
  return true;
}

/** Whether a node may send an event: of its own connections, of itself, or of the network. */
function maySend(chat: Chat, node: NodeId, event: SharedEvent): boolean {
  if (event.kind === "node came") return node === 0;
  const sender = chat.nodes.get(node);
  if (sender === undefined) return false;
  if (event.kind === "node back") return event.node === node;
  // It may have left with an event before.
  if (sender.gone !== undefined) return false;
  switch (event.kind) {
    case "node left":
      return event.node === node;
    case "node gone":
    case "rules":
    case "administered":
      return true;
    case "restored":
    case "tick":
      return false;
    default:
      return nodeOf(event.id) === node;
  }
}
