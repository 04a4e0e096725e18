// The counters.

import { createMetrics } from "../../lib/metrics.ts";
import { assert, assertEquals } from "../assert.ts";

Deno.test("every counter starts from 0, and each server has its own", () => {
  const metrics = createMetrics();
  assert(Object.values(metrics).every((count) => count === 0));
  metrics.connections++;
  assertEquals(createMetrics().connections, 0);
});
