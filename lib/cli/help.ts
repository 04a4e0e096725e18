// The text of --help, from the table of options.

import { FLAGS, type Option, OPTIONS } from "./options.ts";

/** The text of `--help`. */
export function helpText(version: string): string {
  const rows = [...FLAGS].map(([flag, key]) => {
    const { short, argument, help, fallback, shown } = OPTIONS[key] as Option<unknown>;
    const left = `${short ? `-${short},` : "   "} --${flag}${argument ? ` ${argument}` : ""}`;
    const value = shown ?? (argument && fallback !== undefined ? String(fallback) : undefined);
    return [left, help, value ? `(${value})` : ""];
  });
  rows.push(["-h, --help", "show this", ""], ["-V, --version", "show the version", ""]);
  const widths = [0, 1].map((column) => Math.max(...rows.map((row) => row[column]!.length)));
  const lines = rows.map(([left = "", help = "", value]) =>
    `  ${left.padEnd(widths[0]!)}  ${help.padEnd(widths[1]!)}  ${value}`.trimEnd()
  );
  return [
    `bobchat ${version}: a chat room in one file`,
    "",
    "Usage: bobchat [serve] [options]",
    "",
    ...lines,
    "",
    "Each option can be set in the environment too: --max-line as BOBCHAT_MAX_LINE.",
  ].join("\n");
}
