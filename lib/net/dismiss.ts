// The end of connections that get an answer and nothing more: what came in is read, so that the answer is not
// lost to a reset, and who does not go is closed.

import { type Connection, isPeerFault } from "./connection.ts";
import { PendingConnections } from "./pending_connections.ts";

/** Those that have not ended yet: a second is enough to read why. */
const leaving = new PendingConnections({ most: 200, mostPerNetwork: 50, deadlineMs: 1000 });

/** Sends a peer its last bytes, and closes once it has ended too, or soon after. */
export async function dismiss(connection: Connection, words: Uint8Array): Promise<void> {
  const leave = leaving.enter(connection.address, () => connection.close());
  try {
    for (let rest = words; rest.length > 0;) rest = rest.subarray(await connection.write(rest));
    connection.endWrites();
    const unheard = new Uint8Array(4096);
    while (await connection.read(unheard) !== null);
  } catch (error) {
    if (!isPeerFault(error)) throw error;
  } finally {
    leave();
    connection.close();
  }
}
