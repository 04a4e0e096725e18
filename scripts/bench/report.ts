// The benchmark's report: a table for people (Markdown, as the README has it) and a chart.

import type { Result } from "./measure.ts";

/** Above this share of its time, the load process may be the bottleneck rather than the server. */
const BUSY_LOAD = 0.7;
const MARK = "(!)";
const MARK_MEANS = `${MARK} The load process worked for more than ${
  BUSY_LOAD * 100
} % of the time: \
it, and not the server, may be the limit.`;

/** One row: a server's medians on a workload, or why there are none. */
export interface Row {
  readonly workload: string;
  readonly server: string;
  readonly result: Result | string;
}

/** Two versions of bobchat on a workload, started in the same way. */
export interface Change {
  readonly workload: string;
  readonly server: string;
  readonly before: Result | string;
  readonly now: Result | string;
}

/** The median of each figure. */
export function median(results: readonly Result[]): Result {
  const middle = (key: keyof Result) =>
    results.map((result) => result[key]).sort((a, b) => a - b)[results.length >> 1]!;
  const keys = Object.keys(results[0]!) as (keyof Result)[];
  return Object.fromEntries(keys.map((key) => [key, middle(key)])) as unknown as Result;
}

const HEADS = [
  "workload",
  "server",
  "deliveries/s",
  "bobchat is",
  "CPU µs each",
  "p50 ms",
  "p99 ms",
  "idle KiB",
  "peak MiB",
  "after MiB",
  "load's CPU",
  "lost",
];

/** The table; `bobchat is` gives bobchat's deliveries a second as a multiple of that server's. */
export function table(rows: readonly Row[]): string {
  const cells = rows.map(({ workload, server, result }) => {
    if (typeof result === "string") return [workload, server, result, ...Array(9).fill("")];
    const ours = rows.find((row) => row.workload === workload && row.server === "bobchat")?.result;
    const ratio = typeof ours === "object" ? ours.deliveries / result.deliveries : NaN;
    return [
      workload,
      server,
      count(result.deliveries),
      server === "bobchat" || Number.isNaN(ratio) ? "" : `${significant(ratio)} ×`,
      significant(result.cost),
      significant(result.p50),
      significant(result.p99),
      significant(Math.max(0, result.idle)),
      significant(result.peak),
      significant(result.after),
      share(result),
      String(result.lost),
    ];
  });
  return markdown([HEADS, ...cells], 2);
}

/** The figures of both versions, and the later one's as multiples of the earlier one's. */
export function changes(rows: readonly Change[]): string {
  const cells = rows.map(({ workload, server, before, now }) => {
    if (typeof before === "string") return [workload, server, before, ...Array(7).fill("")];
    if (typeof now === "string") return [workload, server, "", now, ...Array(6).fill("")];
    return [
      workload,
      server,
      count(before.deliveries),
      count(now.deliveries),
      `${significant(now.deliveries / before.deliveries)} ×`,
      significant(before.cost),
      significant(now.cost),
      `${significant(now.cost / before.cost)} ×`,
      share(before.load > now.load ? before : now),
      String(before.lost + now.lost),
    ];
  });
  const heads = ["before, a second", "now", "now is", "before, CPU µs each", "now", "now is"];
  return markdown([["workload", "server", ...heads, "load's CPU", "lost"], ...cells], 2);
}

/** bobchat's deliveries a second as a multiple of each other server's, a row for each workload. */
export function ratios(rows: readonly Row[]): string {
  const ours = rows.filter(({ server }) => server === "bobchat");
  const others = [...new Set(rows.map(({ server }) => server))]
    .filter((server) => !server.startsWith("bobchat"));
  const cells = ours.flatMap(({ workload, result }) => {
    if (typeof result === "string") return [];
    const { deliveries, p50, p99 } = result;
    const compared = others.map((server) => {
      const row = rows.find((row) => row.workload === workload && row.server === server);
      return typeof row?.result === "object"
        ? `${significant(deliveries / row.result.deliveries)} ×${mark(result, row.result)}`
        : "";
    });
    return [[workload, count(deliveries), significant(p50), significant(p99), ...compared]];
  });
  return markdown([["workload", "bobchat, a second", "p50 ms", "p99 ms", ...others], ...cells], 1);
}

/** Rows as a Markdown table, the first as its head; the first `texts` columns are texts, the rest numbers. */
function markdown(rows: readonly string[][], texts: number): string {
  const widths = rows[0]!.map((_, i) => Math.max(...rows.map((row) => row[i]!.length)));
  const pad = (cell: string, i: number) =>
    i < texts ? cell.padEnd(widths[i]!) : cell.padStart(widths[i]!);
  const rule = widths.map((width, i) => "-".repeat(width - 1) + (i < texts ? "-" : ":"));
  const lines = rows.map((row) => row.map(pad));
  return [lines[0]!, rule, ...lines.slice(1)].map((line) => `| ${line.join(" | ")} |`).join("\n");
}

/** Tables below each other, and an explanation of their marks. */
export function page(...tables: string[]): string {
  const isMarked = tables.some((table) => table.includes(MARK));
  return ["", ...tables, ...(isMarked ? [MARK_MEANS] : []), ""].join("\n\n").slice(1);
}

/** The load process's share of its core. */
function share(result: Result): string {
  return `${Math.round(result.load * 100)} %${mark(result)}`;
}

function mark(...results: Result[]): string {
  return results.some(({ load }) => load > BUSY_LOAD) ? ` ${MARK}` : "";
}

/** Three significant figures. */
function significant(value: number): string {
  return value >= 100 ? Math.round(value).toString() : value.toPrecision(3);
}

/** As in `8.31 M`. */
function count(value: number): string {
  return value >= 1e6 ? `${significant(value / 1e6)} M` : `${significant(value / 1e3)} k`;
}

const WIDTH = 760, BAR = 20, GAP = 8, LEFT = 170, RIGHT = 90;

/** Deliveries a second as an SVG, a bar for each server, on a logarithmic scale, grouped by workload. */
export function chart(rows: readonly Row[], workloads: readonly string[]): string {
  const shown = rows.filter((row) =>
    workloads.includes(row.workload) && typeof row.result !== "string"
  );
  const values = shown.map(({ result }) => (result as Result).deliveries);
  const lowest = 10 ** Math.floor(Math.log10(Math.min(...values)));
  const highest = Math.max(...values);
  const scale = (value: number) =>
    (WIDTH - LEFT - RIGHT) * Math.log(value / lowest) / Math.log(highest / lowest);
  const parts: string[] = [];
  let y = 44;
  for (const workload of workloads) {
    parts.push(`<text x="16" y="${y + 14}" class="group">${workload}</text>`);
    y += 26;
    for (const { server, result } of shown.filter((row) => row.workload === workload)) {
      const { deliveries } = result as Result;
      const width = Math.max(2, scale(deliveries)).toFixed(1);
      const own = server.startsWith("bobchat") ? " own" : "";
      parts.push(
        `<text x="${LEFT - 8}" y="${y + 15}" text-anchor="end">${escape(server)}</text>`,
        `<rect class="bar${own}" x="${LEFT}" y="${y}" width="${width}" height="${BAR}" rx="2"/>`,
        `<text x="${LEFT + Number(width) + 6}" y="${y + 15}">${count(deliveries)}</text>`,
      );
      y += BAR + GAP;
    }
    y += 12;
  }
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${y}" width="${WIDTH}" height="${y}" role="img" aria-labelledby="title">
<title id="title">Deliveries a second, bobchat beside other servers, on a logarithmic scale</title>
<style>text{font:13px system-ui,"DejaVu Sans",sans-serif;fill:#24292f}.group{font-weight:600}.bar{fill:#8c959f}.own{fill:#0969da}</style>
<rect width="${WIDTH}" height="${y}" fill="#fff"/>
<text x="16" y="26" class="group">Deliveries a second (logarithmic scale; longer is better)</text>
${parts.join("\n")}
</svg>
`;
}

function escape(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
}
