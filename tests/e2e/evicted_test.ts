// Connections whose peers were evicted: the system may keep what they have not taken, so they are counted.

import { createMetrics } from "../../lib/metrics.ts";
import type { PeekedConnection } from "../../lib/net/peeked.ts";
import { accept, NOT_GONE } from "../../lib/net/tcp.ts";
import { assertEquals } from "../assert.ts";
import { needsNetwork } from "./bobchat.ts";

Deno.test(
  "who was evicted is counted once, and whoever else ends is not",
  needsNetwork,
  async () => {
    const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    const stop = new AbortController(), metrics = createMetrics();
    let arrived = Promise.withResolvers<PeekedConnection>();
    const serve = (connection: PeekedConnection) => arrived.resolve(connection);
    const accepting = accept(listener, { serve, stop: stop.signal, metrics });
    const counts: number[] = [];
    for (const isEvicted of [false, true, true]) {
      using _peer = await Deno.connect({ hostname: "127.0.0.1", port: listener.addr.port });
      const connection = await arrived.promise;
      arrived = Promise.withResolvers();
      connection.close(isEvicted);
      connection.close(true);
      counts.push(metrics.count(NOT_GONE));
    }
    stop.abort();
    await accepting;
    assertEquals(counts, [0, 1, 2]);
  },
);
