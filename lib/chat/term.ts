// How long a ban or mute lasts: read from what operators type, and written as people say it.

import { plural } from "../std/plural.ts";

/** Milliseconds of each unit, the shortest first. */
const UNITS = {
  second: 1000,
  minute: 60_000,
  hour: 3_600_000,
  day: 86_400_000,
  week: 604_800_000,
  month: 30 * 86_400_000,
  year: 365 * 86_400_000,
};
type Unit = keyof typeof UNITS;

/** The spellings of each unit. */
const SPELLINGS: readonly [Unit, string][] = [
  ["second", "s|secs?|seconds?"],
  ["minute", "m|mins?|minutes?"],
  ["hour", "h|hrs?|hours?"],
  ["day", "d|days?"],
  ["week", "w|wks?|weeks?"],
  ["month", "mo|months?"],
  ["year", "y|yrs?|years?"],
];
const UNIT = SPELLINGS.map(([unit, spelling]) => `(?<${unit}>${spelling})`).join("|");
/** One part of a duration, such as `1h` of `1h30m`, or `2 hours`. */
const PART = new RegExp(
  `^(?<count>\\d+|an?|one|half an?)\\s*(?:${UNIT})(?=$|[\\s\\d,;:.])[,;:.]?`,
  "i",
);
/** What may stand between two parts. */
const AND = /^\s*(?:(?:and|&)\s+)?/i;
/** A number, with or without a sign, bracket or quote before it; or, after a part, a number alone. */
const NUMBER = /^[\p{Ps}\p{Pi}\p{Pd}+\u2212.~"'`]*\p{N}|^\s+\p{N}+$/u;

/** The longest that something can last unless it is for good, in milliseconds. */
const LONGEST = 10 * UNITS.year;

/** A duration in milliseconds (undefined: for good), and the words after it. */
export interface Term {
  readonly lasts: number | undefined;
  readonly rest: string;
}

/**
 * Reads `10m`, `2 hours`, `1h30m`, `for a week`, `forever` or `for good` at the start of what was typed. A
 * text without a duration is for good. Returns a sentence if it starts with a number that is no duration.
 */
export function readTerm(text: string): Term | string {
  const [forever] = /^for ?(?:ever|good)(?=$|[\s,;:.])[,;:.]?/i.exec(text) ?? [];
  if (forever !== undefined) return { lasts: undefined, rest: text.slice(forever.length).trim() };
  let rest = text.replace(/^for /i, "");
  let lasts = 0, before = Infinity;
  for (;;) {
    const next = before === Infinity ? rest.trimStart() : rest.replace(AND, "");
    const { 0: part = "", groups = {} } = PART.exec(next) ?? {};
    const [unit] = SPELLINGS.find(([unit]) => groups[unit] !== undefined) ?? [];
    // Parts grow smaller; a larger one belongs to the words that follow.
    if (unit === undefined || UNITS[unit] >= before) break;
    before = UNITS[unit];
    lasts += numberOf(groups.count!) * before;
    rest = next.slice(part.length);
  }
  // `1h30` is neither an hour nor an hour and a half.
  if (NUMBER.test(rest)) return notATerm(text);
  if (before === Infinity) return { lasts: undefined, rest: text };
  if (lasts === 0) return notATerm(text);
  if (lasts > LONGEST) return "That is more than ten years: use forever.";
  return { lasts, rest: rest.trim() };
}

function numberOf(count: string): number {
  if (/^half/i.test(count)) return 0.5;
  return /^\d/.test(count) ? Number(count) : 1;
}

function notATerm(text: string): string {
  const [word = ""] = /(?=\S*\p{N})\S+/u.exec(text) ?? [];
  const short = word.slice(0, 20).toWellFormed();
  return `${short} is not a duration: give 10m, 2h, 7d or forever, then the reason.`;
}

/** Rounding by less than this share takes the longer unit: nearly a day is a day, 90 minutes stay 90. */
const NEARLY = 0.05;

/** How long something still lasts, as in ` for 2 hours`; empty if for good. */
export function remaining({ until }: { readonly until?: number }, at: number): string {
  if (until === undefined) return "";
  return ` for ${lasting(until - at)}`;
}

/** A duration in milliseconds as people say it, such as `2 hours`; at least a second. */
export function lasting(milliseconds: number): string {
  const left = Math.max(milliseconds, UNITS.second);
  const [unit, ms] =
    Object.entries(UNITS).findLast(([, ms]) =>
      left >= ms * (1 - NEARLY) && Math.abs(Math.round(left / ms) * ms - left) <= left * NEARLY
    ) ?? ["second", UNITS.second];
  const count = Math.round(left / ms);
  return plural(count, unit);
}
