// What a run has shown: which figures stayed as they were, and everything that must not have happened.

import { imbalances } from "./books.ts";
import { IDLE_WAKES, type Part, type Result } from "./result.ts";
import { isFlat, type Trend, trend } from "./trend.ts";

/** Minutes from which on figures are judged by their trend. In less, what warms up cannot be told from a leak. */
const LONG = 8;
/** Milliseconds that anything may be late besides the time that a standstill takes. */
const MOST_LATE = 10_000;
/** Bytes of memory that a short run may take. */
const MOST_MEMORY = 700 * 1024 * 1024;

/** A figure that must not grow. */
interface Judged {
  readonly name: string;
  readonly key: "rss" | "heap" | "files" | "wal" | "open";
  /** Shown as one of these. */
  readonly unit: "MiB" | "";
  /** Growth in an hour that is none: far less than what varies from one minute to the next. */
  readonly negligible: number;
}

const MIB = 1024 * 1024;
export const JUDGED: readonly Judged[] = [
  { name: "memory (RSS)", key: "rss", unit: "MiB", negligible: 8 * MIB },
  { name: "JavaScript's heap", key: "heap", unit: "MiB", negligible: 8 * MIB },
  { name: "file descriptors", key: "files", unit: "", negligible: 20 },
  { name: "write-ahead log", key: "wal", unit: "MiB", negligible: MIB },
];

/** A figure with its mean, and its trend an hour; a short run has none. */
export interface Judgement extends Judged {
  readonly mean: number;
  readonly trend: Trend | undefined;
  readonly isFlat: boolean;
}

/** The figures while people came and went, before the faults. */
export function judgements({ samples, faultsAt, options: { minutes } }: Result): Judgement[] {
  const judged = samples.filter(({ at }) => at < faultsAt);
  return JUDGED.map((figure) => {
    const points = judged.map((each) => ({ at: each.at / 3600, value: each[figure.key] }));
    const mean = points.reduce((sum, { value }) => sum + value, 0) / points.length;
    const found = minutes >= LONG ? trend(points) : undefined;
    return {
      ...figure,
      ...{ mean, trend: found },
      isFlat: found === undefined || isFlat(found, figure.negligible),
    };
  });
}

/** Everything that must not have happened, as sentences; none if all is well. */
export function wrongs(result: Result): string[] {
  return [
    ...result.parts.flatMap(wrongsOf),
    ...imbalances(result.books).map((text) => `the books: ${text}`),
    ...wrongCounts(result),
    ...wrongFigures(result),
    ...result.history.wrong.map((text) => `the history: ${text}`),
    ...(result.history.lost > 0 ? [`${result.history.lost} messages are lost to the history`] : []),
    ...(result.code === 0 ? [] : [`the server has ended with code ${result.code}`]),
  ];
}

function wrongsOf({ name, noticed: { window, comers }, isStandstill, took }: Part): string[] {
  const { lost, doubled, misplaced } = window.wrongs;
  const late = window.longest - (isStandstill ? took : 0);
  const ended = Object.entries(comers.ended).map(([why, count]) => `${count} who came: ${why}`);
  const found = [
    ...(lost > 0 ? [`${lost} messages lost`] : []),
    ...(doubled > 0 ? [`${doubled} messages heard twice`] : []),
    ...(misplaced > 0 ? [`${misplaced} messages out of order`] : []),
    ...(window.ended.length > 0 ? [`ended: ${window.ended.join("; ")}`] : []),
    ...(window.restarted > 0 ? [`${window.restarted} links were told all anew`] : []),
    ...(late > MOST_LATE ? [`a message came ${late} ms late`] : []),
    ...(ended.length > 0 ? [`ended: ${ended.join("; ")}`] : []),
  ];
  return found.map((text) => `${name}: ${text}`);
}

function wrongCounts({ counted: { said, hearers, heard, server } }: Result): string[] {
  const pairs = [["said", said, server.said], ["to be heard", hearers, server.hearers], [
    "heard",
    heard,
    server.delivered,
  ], ["heard of those to be heard", hearers, heard]] as const;
  return pairs.filter(([, crowd, other]) => crowd !== other)
    .map(([what, crowd, other]) => `counted, ${what}: ${crowd} by the crowd, but ${other}`);
}

function wrongFigures(result: Result): string[] {
  const { before, after, leftOpen, samples } = result;
  const found: string[] = [];
  if (leftOpen.length > 0) found.push(`still open at the end: ${leftOpen.join(", ")}`);
  if (after.wakes > IDLE_WAKES) {
    found.push(`idle, it wakes ${after.wakes} times a second, before ${before.wakes}`);
  }
  const most = Math.max(...samples.map(({ rss }) => rss));
  if (most > MOST_MEMORY) found.push(`it took ${Math.round(most / MIB)} MiB of memory`);
  for (const { name, isFlat } of judgements(result)) {
    if (!isFlat) found.push(`${name} grows`);
  }
  return found;
}
