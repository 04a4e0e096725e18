// How busy the server is, as /status tells it.

import { DELIVERIES } from "../../../lib/chat/fan_out.ts";
import { MESSAGES } from "../../../lib/chat/writer.ts";
import { Load } from "../../../lib/cli/load.ts";
import { createMetrics } from "../../../lib/metrics.ts";
import { assert, assertEquals } from "../../assert.ts";

Deno.test("rates are of what was said lately, and the slowest readers are the connections' own", () => {
  const metrics = createMetrics();
  let now = 1000;
  const load = new Load({ metrics, now: () => now });
  try {
    assertEquals([load.status().messages, load.status().connections], [0, 0]);
    metrics.add(MESSAGES.room, 50);
    metrics.add(MESSAGES.person, 10);
    metrics.add(DELIVERIES.message, 600);
    metrics.add(DELIVERIES.other, 1000);
    now = 31_000;
    const reader = { name: "bob", remote: "192.0.2.1:1", pending: 9, quiet: 1 };
    load.watch({ size: 7, slowest: (most) => Array(most).fill(reader) });
    const { uptime, messages, deliveries, connections, slowest, memory, processor } = load.status();
    assertEquals([uptime, messages, deliveries, connections], [30_000, 2, 20, 7]);
    assertEquals([slowest.length, slowest[0]], [5, reader]);
    assert(memory > 0 && processor >= 0);
  } finally {
    load.close();
  }
});
