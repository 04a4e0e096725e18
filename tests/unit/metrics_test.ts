// The metrics: what is counted, and the text that Prometheus is sent.

import { counter, counters, createMetrics, histogram } from "../../lib/metrics.ts";
import { formatFor, toText } from "../../lib/metrics/text.ts";
import { assert, assertEquals, assertStringIncludes } from "../assert.ts";

const MADE = counter("test_made_total", 'What was made, in \\ and "quotes".');
const LOST = counters({
  ...{ name: "test_lost_total", help: "What was lost.", label: "why" },
  values: ["late", 'with "quotes"\nand \\'],
});
const SIZE = histogram({ name: "test_size_bytes", help: "Sizes.", bounds: [0.5, 1, 10] });

Deno.test("every counter starts from 0, and each server has its own", () => {
  const metrics = createMetrics();
  assert(Object.values(metrics.counts()).every((count) => count === 0));
  metrics.add(MADE);
  metrics.add(MADE, 2);
  metrics.add(LOST.late);
  assertEquals([metrics.count(MADE), metrics.counts()["test_lost_total late"]], [3, 1]);
  assertEquals(createMetrics().count(MADE), 0);
});

Deno.test("a metric that is declared while the server runs counts too", () => {
  const metrics = createMetrics();
  const late = counter("test_late_total", "Late.");
  metrics.add(late);
  assertEquals([metrics.count(late), metrics.count(MADE)], [1, 0]);
});

Deno.test("all kinds of metrics are written as Prometheus reads them", () => {
  const metrics = createMetrics();
  metrics.add(MADE, 2);
  metrics.add(LOST['with "quotes"\nand \\']);
  for (const value of [0.25, 0.5, 7, 11]) metrics.observe(SIZE, value);
  let people = 1;
  metrics.gauge("test_people", "People.", () => people);
  metrics.gauge("test_info", "Build.", () => [{ labels: { version: "1.2" }, value: 1 }]);
  metrics.total("test_busy_seconds_total", "Time.", () => 0.125);
  people = 7;
  const text = toText(metrics.families(), "prometheus");
  for (
    const part of [
      '# HELP test_made_total What was made, in \\\\ and "quotes".\n# TYPE test_made_total counter\n' +
      "test_made_total 2\n",
      'test_lost_total{why="late"} 0\ntest_lost_total{why="with \\"quotes\\"\\nand \\\\"} 1\n',
      '# TYPE test_size_bytes histogram\ntest_size_bytes_bucket{le="0.5"} 2\n' +
      'test_size_bytes_bucket{le="1.0"} 2\ntest_size_bytes_bucket{le="10.0"} 3\n' +
      'test_size_bytes_bucket{le="+Inf"} 4\ntest_size_bytes_sum 18.75\ntest_size_bytes_count 4\n',
      "# TYPE test_people gauge\ntest_people 7\n",
      'test_info{version="1.2"} 1\n',
      "# TYPE test_busy_seconds_total counter\ntest_busy_seconds_total 0.125\n",
    ]
  ) assertStringIncludes(text, part);
  const open = toText(metrics.families(), "openMetrics");
  assertStringIncludes(
    open,
    '# HELP test_made What was made, in \\\\ and \\"quotes\\".\n# TYPE test_made counter\n' +
      "test_made_total 2\n",
  );
  assert(open.endsWith("\n# EOF\n") && !text.includes("# EOF"));
});

Deno.test("whoever prefers OpenMetrics is sent that, and everyone else Prometheus' own text", () => {
  const open = "application/openmetrics-text";
  const rows: [string | undefined, "openMetrics" | "prometheus"][] = [
    [undefined, "prometheus"],
    ["*/*", "prometheus"],
    ["text/html, */*;q=0.8", "prometheus"],
    [open, "openMetrics"],
    [`${open};version=1.0.0;q=0.5,${open};version=0.0.1;q=0.4,text/plain;q=0.3`, "openMetrics"],
    [`text/plain;version=0.0.4;q=0.6, ${open};version=1.0.0;q=0.5`, "prometheus"],
    [`${open}; version=0.0.1`, "prometheus"],
    [`${open};q=0, text/plain;q=0`, "prometheus"],
  ];
  for (const [accept, format] of rows) assertEquals(formatFor(accept), format, accept);
});
