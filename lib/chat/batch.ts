// What the writer takes at once on a node of a network: an envelope of the stream, or local requests. (On a bobchat
// on its own, it takes events alone.)
//
// The queue passes on every envelope of the stream in its order, those too that will not count. The
// events of its own envelopes are the objects that were pushed, with the local requests in their place. Local
// requests for which there is no envelope come as events alone. While this node is taken for gone, the queue
// keeps all that is pushed until the `node back` has come. Its last envelope ends with a `node left`.

import type { Chat } from "./chat.ts";
import type { Envelope } from "./envelope.ts";
import type { Event, SharedEvent } from "./event.ts";
import type { Snapshot } from "./snapshot.ts";

/** Events that the writer handles at once. */
export interface Batch {
  /** In their order. Of an own envelope, its shared events with the local requests between them. */
  readonly events: readonly Event[];
  /** Of an own envelope: which of the events are local requests. */
  readonly local?: ReadonlySet<Event>;
  /** Of the stream: what the events came in, its place in the stream, and its time (epoch ms). */
  readonly envelope?: Envelope;
  readonly sequence?: number;
  readonly at?: number;
  /** Whether another batch follows at once: what is to be kept and sent waits for that one. */
  readonly isMoreComing?: boolean;
}

/** What the writer of a network's node is given besides. */
export interface Cluster {
  /** This process, by the random number that its `node came` has. */
  readonly uuid: string;
  /** The state to begin with. */
  readonly start: Snapshot;
  /** Called once, before the first batch. The same chat is changed by all that follows. */
  started(chat: Chat): void;
  /**
   * Called after each batch. A snapshot may be taken unless more is coming. Events of an own envelope that did
   * not count have not been handled, local requests included: they are to be sent again.
   */
  folded(chat: Chat, batch: Batch, isAccepted: boolean): void;
  /**
   * Publishes an event of this node. A `node back` is the first event of the next epoch's first envelope, and
   * the events that did not count come after it.
   */
  publish(event: SharedEvent): void;
}

/** Why this node can no longer be part of its network; its process must end, and may start anew. */
export class ClusterError extends Error {
  override name = "ClusterError";
}
