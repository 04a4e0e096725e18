// The status port without its port.

import { MetricsTexts } from "../../../lib/cli/status_port.ts";
import { createMetrics } from "../../../lib/metrics.ts";
import { assert, assertEquals, assertStringIncludes } from "../../assert.ts";

Deno.test("however many ask for the metrics, they are read ten times a second at most", () => {
  const metrics = createMetrics();
  let now = 0, reads = 0;
  metrics.gauge("test_reads", "Reads.", () => ++reads);
  const texts = new MetricsTexts({ metrics, now: () => now });
  for (; now < 1000; now++) {
    texts.in("prometheus");
    texts.in("openMetrics");
  }
  assertEquals(reads, 20);
  const read = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  assertStringIncludes(read(texts.in("prometheus")), "\ntest_reads 21\n");
  assert(read(texts.in("openMetrics")).endsWith("test_reads 22\n# EOF\n"));
});
