// Parses lines that a server sent, for clients: the reverse of format.ts.

/** A line by its kind; "other" is none of these, and comes from an older server. */
export type Heard =
  | {
    readonly kind: "message" | "action";
    readonly from: string;
    readonly time: string;
    readonly text: string;
  }
  | {
    readonly kind: "private";
    readonly from: string;
    readonly time: string;
    readonly to: string;
    readonly text: string;
  }
  | { readonly kind: "notice" | "other"; readonly text: string };

// A name has no space, parenthesis or `*`, so no line is of two kinds.
const FORMS: [Heard["kind"], RegExp][] = [
  ["message", /^(?<from>[^\s()*]+)\((?<time>\d\d:\d\d:\d\d[AP]M)\): (?<text>.*)$/s],
  ["action", /^\* (?<from>[^\s()*]+)\((?<time>\d\d:\d\d:\d\d[AP]M)\) (?<text>.*)$/s],
  [
    "private",
    /^(?<from>[^\s()*]+)\((?<time>\d\d:\d\d:\d\d[AP]M)\) to (?<to>[^\s()*]+): (?<text>.*)$/s,
  ],
  ["notice", /^\*\*\* (?<text>.*)$/s],
];

/** Parses a line without its end. */
export function parseHeard(line: string): Heard {
  for (const [kind, form] of FORMS) {
    const parts = form.exec(line)?.groups;
    // Each form captures the parts that its kind has.
    if (parts !== undefined) return { kind, ...parts } as Heard;
  }
  return { kind: "other", text: line };
}
