// Things to show, made from the lines that people would see.

import type { Shown } from "../../../lib/terminal/paint.ts";

const TIME = "(?<hours>\\d\\d):(?<minutes>\\d\\d):(?<seconds>\\d\\d)(?<half>[AP])M";
const FORMS: [Shown["kind"], RegExp][] = [
  ["message", new RegExp(`^(?<from>[^\\s()*]+)\\(${TIME}\\): (?<text>.*)$`, "s")],
  ["action", new RegExp(`^\\* (?<from>[^\\s()*]+)\\(${TIME}\\) (?<text>.*)$`, "s")],
  [
    "private",
    new RegExp(`^(?<from>[^\\s()*]+)\\(${TIME}\\) to (?<to>[^\\s()*]+): (?<text>.*)$`, "s"),
  ],
  ["notice", /^\*\*\* (?<text>.*)$/s],
];

/** What is shown as this line. */
export function shown(line: string): Shown {
  for (const [kind, form] of FORMS) {
    const parts = form.exec(line)?.groups;
    if (parts === undefined) continue;
    const { from, to, text = "", hours, minutes, seconds, half } = parts;
    const hour = Number(hours) % 12 + (half === "P" ? 12 : 0);
    const at = new Date(2026, 0, 1, hour, Number(minutes), Number(seconds)).getTime();
    return from === undefined ? { kind, text } : { kind, from, to, text, at };
  }
  return { kind: "other", text: line };
}
