// The connections that are asked for the server password. They may never know it, so only a share of all places
// is for them, and they have a minute.

import { type EvictReason, PendingConnections } from "./pending_connections.ts";

/** The shares of `maxClients` that may wait for the password: of all connections, and of one network's. */
const ASKED = 1 / 2, ASKED_OF_NETWORK = 1 / 10;
/** The least that these shares come to, if there are so many; and milliseconds to send the password. */
const ASKED_AT_LEAST = 3, ASKED_FOR = 60_000;

/** Why a connection is ended while it is asked for the password. */
export const NOT_IN: Readonly<Record<EvictReason, string>> = {
  late: "no password within a minute",
  crowded: "others came, and you had waited longest for the password",
  stopping: "the server stops",
};

/** Nobody is asked yet; `maxClients` is how many places there are in all. */
export function createAsked(maxClients: number): PendingConnections {
  const atLeast = (share: number) => Math.max(ASKED_AT_LEAST, Math.floor(maxClients * share));
  return new PendingConnections({
    most: atLeast(ASKED),
    mostPerNetwork: atLeast(ASKED_OF_NETWORK),
    deadlineMs: ASKED_FOR,
  });
}
