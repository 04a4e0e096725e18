// The metrics as text: Prometheus' own format, and OpenMetrics. (No library writes them: `deno compile` overflows on
// prom-client and on what is made of it.)

import type { Family, Sample } from "../metrics.ts";

/** The formats, by what HTTP calls them. */
export const FORMATS = {
  prometheus: "text/plain; version=0.0.4; charset=utf-8",
  openMetrics: "application/openmetrics-text; version=1.0.0; charset=utf-8",
};

/** A format. */
export type Format = keyof typeof FORMATS;

/** Writes metrics. */
export function toText(families: Iterable<Family>, format: Format): string {
  const isOpen = format === "openMetrics";
  const lines: string[] = [];
  for (const { type, name, help, samples } of families) {
    // OpenMetrics calls a counter by what comes before _total.
    const called = isOpen && type === "counter" ? name.replace(/_total$/, "") : name;
    lines.push(`# HELP ${called} ${escape(help, isOpen)}`, `# TYPE ${called} ${type}`);
    for (const sample of samples) lines.push(toLine(name, sample));
  }
  if (isOpen) lines.push("# EOF");
  return lines.map((line) => `${line}\n`).join("");
}

function toLine(name: string, { suffix = "", labels = {}, value }: Sample): string {
  const parts = Object.entries(labels).map(([label, text]) => `${label}="${escape(text, true)}"`);
  return `${name}${suffix}${parts.length > 0 ? `{${parts.join(",")}}` : ""} ${valueText(value)}`;
}

function valueText(value: number): string {
  if (Number.isFinite(value)) return `${value}`;
  return Number.isNaN(value) ? "NaN" : value > 0 ? "+Inf" : "-Inf";
}

function escape(text: string, hasQuotes: boolean): string {
  const escaped = text.replaceAll("\\", "\\\\").replaceAll("\n", "\\n");
  return hasQuotes ? escaped.replaceAll('"', '\\"') : escaped;
}

/** The format that an Accept field asks for; Prometheus' own if it prefers none. */
export function formatFor(accept: string | undefined): Format {
  const wanted = (accept ?? "").toLowerCase().split(",").map((each) => {
    const [type = "", ...parameters] = each.split(";").map((part) => part.trim());
    const weight = parameters.find((part) => part.startsWith("q="))?.slice(2) ?? "1";
    const version = parameters.find((part) => part.startsWith("version="))?.slice(8);
    return { type, weight: Number(weight) || 0, version };
  });
  const most = (isIt: (each: typeof wanted[number]) => boolean) =>
    Math.max(0, ...wanted.filter(isIt).map(({ weight }) => weight));
  const open = most(({ type, version = "1.0.0" }) =>
    type === "application/openmetrics-text" && version === "1.0.0"
  );
  const plain = most(({ type }) => type === "text/plain");
  return open > 0 && open >= plain ? "openMetrics" : "prometheus";
}
