// What the benchmark prints.

import type { Result } from "../../../../scripts/bench/measure.ts";
import { changes, page, ratios, table } from "../../../../scripts/bench/report.ts";
import { assertEquals } from "../../../assert.ts";

function result(figures: Partial<Result>): Result {
  const none = { deliveries: 1e6, cost: 1, p50: 1, p99: 2, idle: 8, peak: 90, after: 80 };
  return { ...none, load: 0.5, lost: 0, closed: 0, ...figures };
}

/** A Markdown table's rows, each by the heads of its columns; the second of one name has a prime. */
function rows(markdown: string): Record<string, string>[] {
  const [heads = [], , ...cells] = markdown.split("\n")
    .map((line) => line.split("|").slice(1, -1).map((cell) => cell.trim()));
  const names = heads.map((head, i) => heads.indexOf(head) < i ? `${head}'` : head);
  return cells.map((row) => Object.fromEntries(row.map((cell, i) => [names[i], cell])));
}

const BUSY = { workload: "storm 200", server: "limit.c", result: result({ load: 0.94 }) };
const OURS = {
  workload: "storm 200",
  server: "bobchat",
  result: result({ load: 0.7, cost: 0.05 }),
};

Deno.test("each row has the server's CPU and the load's share, marked where that is above 70 %", () => {
  const shown = rows(table([OURS, BUSY])).map((row) => [row["CPU µs each"], row["load's CPU"]]);
  assertEquals(shown, [["0.0500", "70 %"], ["1.00", "94 % (!)"]]);
});

Deno.test("a ratio is marked where the load process may have been the limit of either server", () => {
  assertEquals(rows(ratios([OURS, BUSY]))[0]!["limit.c"], "1.00 × (!)");
  const [ours, other] = [OURS, BUSY].map((row) => ({ ...row, result: result({}) }));
  assertEquals(rows(ratios([ours!, other!]))[0]!["limit.c"], "1.00 ×");
  const reversed = [{ ...OURS, result: BUSY.result }, other!];
  assertEquals(rows(ratios(reversed))[0]!["limit.c"], "1.00 × (!)");
});

Deno.test("the mark is explained where there is one", () => {
  assertEquals(/^\(!\) The load process/m.test(page(table([OURS, BUSY]))), true);
  assertEquals(/\(!\)/.test(page(table([OURS]))), false);
});

Deno.test("two versions: both medians of deliveries and of CPU, and their ratios", () => {
  const before = result({ deliveries: 10e6, cost: 0.1, load: 0.8, lost: 1 });
  const now = result({ deliveries: 12e6, cost: 0.09, load: 0.5, lost: 2 });
  assertEquals(rows(changes([{ workload: "busy", server: "bobchat, TLS", before, now }])), [{
    "workload": "busy",
    "server": "bobchat, TLS",
    "before, a second": "10.0 M",
    "now": "12.0 M",
    "now is": "1.20 ×",
    "before, CPU µs each": "0.100",
    "now'": "0.0900",
    "now is'": "0.900 ×",
    "load's CPU": "80 % (!)",
    "lost": "3",
  }]);
});

Deno.test("a version that could not be measured says why", () => {
  const [old, current] = rows(changes([
    { workload: "busy", server: "bobchat", before: "it does not accept", now: result({}) },
    { workload: "busy", server: "bobchat", before: result({}), now: "it does not accept" },
  ]));
  assertEquals(old!["before, a second"], "it does not accept");
  assertEquals(current!["now"], "it does not accept");
});
