// TEMPORARY until lib/chat has them.
import type { Event, SharedEvent } from "../chat/event.ts";

export type NodeId = number;

/** What a node publishes at once: one message of the stream, as JSON. */
export interface Envelope {
  readonly rules: number;
  readonly node: NodeId;
  readonly epoch: number;
  readonly counter: number;
  readonly events: readonly SharedEvent[];
}

/** Events that the writer handles at once. */
export interface Batch {
  readonly events: readonly Event[];
  readonly local?: ReadonlySet<Event>;
  readonly envelope?: Envelope;
  readonly sequence?: number;
  readonly at?: number;
  readonly isMoreComing?: boolean;
}

export type NodeEvent =
  | {
    readonly kind: "node came";
    readonly uuid: string;
    readonly name: string;
    readonly knows: number;
  }
  | { readonly kind: "node left"; readonly node: NodeId }
  | {
    readonly kind: "node gone";
    readonly node: NodeId;
    readonly epoch: number;
    readonly counter: number;
  }
  | { readonly kind: "node back"; readonly node: NodeId; readonly epoch: number };
export type Shared = SharedEvent | NodeEvent;
export type NetworkEvent = { readonly kind: "network"; readonly isLost?: boolean };
