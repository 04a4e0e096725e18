// The report of a run: tables for people (Markdown), and a picture.

import { sum } from "./books.ts";
import type { Part, Result, TimedFigures } from "./result.ts";
import { judgements, wrongs } from "./verdict.ts";

const MIB = 1024 * 1024;

/** The report. */
export function report(result: Result): string {
  const wrong = wrongs(result);
  return [
    opening(result),
    wrong.length === 0
      ? "Nothing went wrong."
      : ["What went wrong:", "", ...wrong.map((text) => `- ${text}`)].join("\n"),
    `${heading("What must not grow")}\n\n${figures(result)}`,
    `${heading("The books")}\n\n${books(result)}`,
    `${heading("Faults, and what those who stayed noticed")}\n\n${faults(result)}`,
    `${heading("What the people did")}\n\n${deeds(result)}`,
  ].join("\n\n") + "\n";
}

function heading(text: string): string {
  return `### ${text}`;
}

function opening({ options, version, samples, parts, history, crowdBusy }: Result): string {
  const { minutes, people } = options;
  const seconds = parts[0]!.until - parts[0]!.from, busy = Math.round(crowdBusy * 100);
  const processor = samples.at(-1)!.processor - samples[0]!.processor;
  const share = Math.round(100 * processor / (samples.at(-1)!.at - samples[0]!.at));
  return `${version}, ${number(minutes)} minutes, ${
    number(people)
  } people; coming and going took ` +
    `${
      number(Math.round(seconds))
    } s of that. The server used ${share} % of a core, the load process ${busy} %. ` +
    `Those who stayed heard ${number(history.heard)} different messages in all rooms.`;
}

function figures(result: Result): string {
  const { before, after } = result;
  const rows = judgements(result).map(({ key, name, unit, negligible, mean, trend, isFlat }) => {
    const scale = unit === "MiB" ? MIB : 1, show = (value: number) => significant(value / scale);
    const cells = [name + (unit && `, ${unit}`), ...[before[key], mean, after[key]].map(show)];
    if (trend === undefined) return [...cells, "too short to say", show(negligible), ""];
    const { slope, low, high } = trend;
    const said = low <= 0 && high >= 0 ? "flat" : isFlat ? "no growth" : "**grows**";
    return [...cells, `${show(slope)} (${show(low)} to ${show(high)})`, show(negligible), said];
  });
  const wakes =
    `Idle, its main thread woke ${significant(before.wakes)} times a second before, and ` +
    `${significant(after.wakes)} times after: a timer that was left behind would wake it. ` +
    "Deno does not tell how many timers there are.";
  const heads = ["", "before", "mean", "after all left", "growth an hour (95 % interval)"];
  return [
    markdown([[...heads, "none is up to", ""], ...rows], 1),
    "The growth is of the means of blocks, after the first quarter of the time without faults: samples within a " +
    "block are alike, those of different blocks hardly are.",
    wakes,
  ].join("\n\n");
}

function books({ books, counted, history }: Result): string {
  const { messages, hearers, delivered, withheld, queued, sent, dropped, pending } = books;
  const named = (losses: Readonly<Record<string, number>>) =>
    Object.entries(losses).map(([why, count]) => `${why} ${number(count)}`).join(", ");
  return [
    markdown([
      ["", "", "is", ""],
      [
        "messages × their hearers",
        number(hearers),
        `${number(delivered)} delivered + ${number(sum(withheld))} withheld (${named(withheld)})`,
        balance(hearers - delivered - sum(withheld)),
      ],
      [
        "bytes handed over",
        number(queued),
        `${number(sent)} sent + ${number(sum(dropped))} dropped (${named(dropped)}) + ${
          number(pending)
        } waiting`,
        balance(queued - sent - sum(dropped) - pending),
      ],
    ], 0),
    `${number(messages)} messages were sent. In a room of those who stayed, ${
      number(counted.said)
    } messages had ` +
    `${number(counted.hearers)} hearers by the crowd's own count, and ${
      number(counted.server.hearers)
    } by ` +
    `/metrics; ${number(counted.heard)} were heard, and ${
      number(counted.server.delivered)
    } delivered by /metrics.`,
    history.wrong.length === 0
      ? `The history has all ${
        number(history.heard)
      } messages that were heard in the rooms, in the same order.`
      : "The history differs from what was heard.",
  ].join("\n\n");
}

function balance(difference: number): string {
  return difference === 0 ? "exactly" : `**but ${number(difference)}**`;
}

function faults({ parts }: Result): string {
  const rows = parts.map(({ name, took, count, missing, noticed, closes, dropped }: Part) => {
    const { window } = noticed, { lost, doubled, misplaced } = window.wrongs;
    const ended = Object.entries(closes)
      .filter(([why, count]) => ["slow", "stalled", "idle"].includes(why) && count > 0)
      .map(([why, count]) => `${count} ${why}`).join(", ");
    const bytes = sum(dropped);
    if (missing !== undefined) return [name, `not done: ${missing}`, ...Array(8).fill("")];
    return [
      name,
      count === undefined ? `${(took / 1000).toFixed(1)} s` : `${number(count)} ×`,
      `${number(window.p50)}`,
      `${number(window.p99)}`,
      `${number(window.longest)}`,
      `${number(window.silence)}`,
      `${number(noticed.lag)}`,
      `${lost} / ${doubled} / ${misplaced}`,
      `${window.ended.length}`,
      [ended, bytes > 0 ? `${number(bytes)} bytes dropped` : ""].filter((text) => text !== "").join(
        "; ",
      ) || "nothing",
    ];
  });
  const heads = [
    "fault",
    "how long or often",
    "p50 ms",
    "p99 ms",
    "longest ms",
    "silence ms",
    "load late ms",
  ];
  return [
    markdown([[...heads, "lost / twice / out of order", "ended", "what others lost"], ...rows], 1),
    "The times are from saying something to hearing it, for those who stayed on whole links; someone speaks in " +
    "each room at least once a second, so that a silence of a second is none. So many " +
    "milliseconds the load process itself was late, at most: the machine had others to run. The last column is about those who " +
    "had the fault: evicted for reading slowly or not at all, and bytes for those who were gone.",
  ].join("\n\n");
}

function deeds({ parts }: Result): string {
  const { comers } = parts.at(-1)!.noticed;
  const resumed = parts.reduce((total, { noticed: { window } }) => total + window.resumed, 0);
  const rows = Object.entries(comers.did)
    .sort(([one], [other]) => one < other ? -1 : 1)
    .map(([what, count]) => [what, number(count)]);
  rows.push(["links of those who stayed, lost and continued", number(resumed)]);
  return markdown([["", "times"], ...rows], 1);
}

/** Rows as a Markdown table, the first as its head; the first `texts` columns are texts, the rest numbers. */
function markdown(rows: readonly (readonly string[])[], texts: number): string {
  const widths = rows[0]!.map((_, i) => Math.max(3, ...rows.map((row) => row[i]!.length)));
  const isText = (i: number) => texts === 0 || i < texts;
  const lines = rows.map((row) =>
    row.map((cell, i) => isText(i) ? cell.padEnd(widths[i]!) : cell.padStart(widths[i]!))
  );
  const rule = widths.map((width, i) => "-".repeat(width - 1) + (isText(i) ? "-" : ":"));
  return [lines[0]!, rule, ...lines.slice(1)].map((line) => `| ${line.join(" | ")} |`).join("\n");
}

function number(value: number): string {
  return value.toLocaleString("en");
}

function significant(value: number): string {
  return Math.abs(value) >= 100
    ? number(Math.round(value))
    : value === 0
    ? "0"
    : value.toPrecision(3);
}

const WIDTH = 760, LEFT = 70, RIGHT = 20, PANEL = 120, GAP = 44, TOP = 50;
/** Most points of a line. */
const POINTS = 400;

/** What is drawn, a panel each. */
const PANELS: readonly {
  readonly title: string;
  readonly lines: readonly {
    readonly name: string;
    readonly of: (figures: TimedFigures) => number;
  }[];
}[] = [
  {
    title: "Memory, MiB: all, and JavaScript's heap",
    lines: [
      { name: "all", of: ({ rss }) => rss / MIB },
      { name: "heap", of: ({ heap }) => heap / MIB },
    ],
  },
  {
    title: "File descriptors",
    lines: [{ name: "files", of: ({ files }) => files }],
  },
  {
    title: "Connections, those of apps that may come back included",
    lines: [{ name: "open", of: ({ open }) => open }],
  },
  { title: "Write-ahead log, MiB", lines: [{ name: "wal", of: ({ wal }) => wal / MIB }] },
];

/** The figures over time as an SVG; the time of the faults is shaded. */
export function chart({ samples, faultsAt, options }: Result): string {
  const end = samples.at(-1)!.at, step = Math.max(1, Math.ceil(samples.length / POINTS));
  const shown = samples.filter((_, i) => i % step === 0);
  const x = (at: number) => LEFT + (WIDTH - LEFT - RIGHT) * at / end;
  const height = TOP + PANELS.length * (PANEL + GAP);
  const parts = PANELS.flatMap(({ title, lines }, i) => {
    const top = TOP + i * (PANEL + GAP) + 20;
    const most = Math.max(1, ...lines.flatMap(({ of }) => samples.map(of))) * 1.05;
    const y = (value: number) => top + PANEL - PANEL * value / most;
    const marks = [0, most / 2, most].map((value) =>
      `<line class="grid" x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${y(value).toFixed(1)}" y2="${
        y(value).toFixed(1)
      }"/><text x="${LEFT - 8}" y="${(y(value) + 4).toFixed(1)}" text-anchor="end">${
        number(Math.round(value))
      }</text>`
    );
    const drawn = lines.map(({ of }, place) => {
      const points = shown.map((each) => `${x(each.at).toFixed(1)},${y(of(each)).toFixed(1)}`);
      return `<polyline class="line${place > 0 ? " other" : ""}" points="${points.join(" ")}"/>`;
    });
    const from = x(Math.min(faultsAt, end)), width = x(end) - from;
    return [
      `<text x="${LEFT}" y="${top - 6}" class="title">${title}</text>`,
      `<rect class="faults" x="${from.toFixed(1)}" y="${top}" width="${
        width.toFixed(1)
      }" height="${PANEL}"/>`,
      ...marks,
      ...drawn,
    ];
  });
  const heading = `${number(options.people)} people for ${
    number(options.minutes)
  } minutes (shaded: faults)`;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" role="img" aria-labelledby="title">
<title id="title">Memory, file descriptors, connections and the write-ahead log of bobchat over time</title>
<style>text{font:13px system-ui,"DejaVu Sans",sans-serif;fill:#24292f}.title{font-weight:600}.line{fill:none;stroke:#0969da;stroke-width:1.5}.other{stroke:#8250df}.grid{stroke:#d8dee4}.faults{fill:#fff1e5}</style>
<rect width="${WIDTH}" height="${height}" fill="#fff"/>
<text x="16" y="26" class="title">${heading}</text>
${parts.join("\n")}
</svg>
`;
}
