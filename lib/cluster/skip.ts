// Numbers for a new epoch: the old one may have given some after its newest snapshot, and people and histories
// have seen those. So the new one counts from far beyond.

import type { Snapshot } from "../chat/snapshot.ts";

/** More than an epoch gives between two snapshots: of messages; of members, rooms and accounts; of nodes. */
const MESSAGES = 1e9, OTHERS = 1e6, NODES = 1000;

/** The same state, with numbers to come that were never given. */
export function skipNumbers(snapshot: Snapshot): Snapshot {
  const { lastMessage, lastMember, lastRoom, lastAccount, nodes } = snapshot;
  return {
    ...snapshot,
    lastMessage: beyond(lastMessage, MESSAGES),
    lastMember: beyond(lastMember, OTHERS),
    lastRoom: beyond(lastRoom, OTHERS),
    lastAccount: beyond(lastAccount, OTHERS),
    nodes: { ...nodes, lastId: beyond(nodes.lastId, NODES) },
  };
}

/** The next multiple of a step. */
function beyond(last: number, step: number): number {
  return (Math.floor(last / step) + 1) * step;
}
