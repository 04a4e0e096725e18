// Who is there: by the stream's own time, so that an outage of NATS, or a pause of this bobchat, is nobody's
// silence. A node says something at least every few seconds (a beat, if nothing else).

import type { NodeId } from "../chat/node.ts";

/** Milliseconds between two signs of life of a node. */
export const BEAT = 3000;
/** Milliseconds of silence after which a node is taken for gone. */
export const GONE = 15_000;
/** The longest pause between two own beats in which others could have been heard. */
const PAUSE = 2 * BEAT;

/** A node of the state, as far as membership is concerned. */
export interface KnownNode {
  readonly id: NodeId;
  /** The process, by a random number. */
  readonly uuid: string;
  /** The epoch and the counter of the last envelope that counted. */
  readonly epoch: number;
  readonly counter: number;
  /** Defined while it is taken for gone. */
  readonly gone?: unknown;
}

/** When each node was last heard. */
export class Membership {
  readonly #heardAt = new Map<NodeId, number>();
  /** The last counter by which a node was proposed: once is enough. */
  readonly #proposed = new Map<NodeId, string>();
  #ownAt = -Infinity;
  /** Since when own beats have come back without a pause. */
  #hearingSince = -Infinity;

  /** Something of a node has come, at this time of the stream. */
  heard(node: NodeId, at: number): void {
    this.#heardAt.set(node, at);
  }

  /** An own envelope has come back: which of the others have been silent for too long, each told once. */
  ownCame(at: number, own: NodeId, nodes: Iterable<KnownNode>): KnownNode[] {
    if (at - this.#ownAt > PAUSE) this.#hearingSince = at;
    this.#ownAt = at;
    const silent: KnownNode[] = [], known = new Set<NodeId>();
    for (const node of nodes) {
      const { id, epoch, counter, gone } = node;
      known.add(id);
      if (id === own || gone !== undefined) continue;
      const heardAt = Math.max(this.#heardAt.get(id) ?? -Infinity, this.#hearingSince);
      const key = `${epoch}.${counter}`;
      if (at - heardAt < GONE || this.#proposed.get(id) === key) continue;
      this.#proposed.set(id, key);
      silent.push(node);
    }
    for (const map of [this.#heardAt, this.#proposed]) {
      for (const id of map.keys()) if (!known.has(id)) map.delete(id);
    }
    return silent;
  }
}
