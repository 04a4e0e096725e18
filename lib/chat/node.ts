// The numbers of nodes and of their connections. A node is one bobchat of a network of several.

import type { ConnectionId } from "./message.ts";

/** A node's own number, from 1, never used twice in a network; a bobchat on its own is node 0. */
export type NodeId = number;

/** How many numbers each node has for its connections. */
export const NODE_SPAN = 2 ** 32;

/** The newest rules by which this program can fold events: they grow whenever a fold of the same events would differ. */
export const RULES = 1;

/** The node that a connection is on. */
export function nodeOf(connection: ConnectionId): NodeId {
  return Math.floor(connection / NODE_SPAN);
}
