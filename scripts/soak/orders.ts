// What the load process is told to do, and what it answers.

import type { Wrongs } from "./hearing.ts";

/** What the crowd is told once, as its argument. */
export interface CrowdOptions {
  readonly port: number;
  /** The server's certificate, in PEM. */
  readonly ca: string;
  /** How many people there are, those who stay included. */
  readonly people: number;
  readonly rooms: number;
  /** Seconds that people stay on average. */
  readonly stay: number;
  /** People who come in a second, at most. */
  readonly arrivals: number;
  /** Messages a second of those who come and go, all together. */
  readonly rate: number;
}

/** What people may do all at once. */
export const BURSTS = ["resets", "stalls", "lost links", "half requests", "floods"] as const;
/** One of these. */
export type Burst = typeof BURSTS[number];

/** What it is told to do. */
export type Order =
  /** Those who stay come in; then they listen, and talk. */
  | { readonly do: "stay" }
  /** The others begin to come. */
  | { readonly do: "come" }
  /** Something is done by this many people. */
  | { readonly do: "burst"; readonly burst: Burst; readonly count: number }
  /** Says what was noticed since the last time. */
  | { readonly do: "look" }
  /** The others leave; then those who stay stop talking. Says whether they have heard all. */
  | { readonly do: "empty" }
  /** Those who stay go to a room of their own. */
  | { readonly do: "gather" }
  /** Each says so many things there. */
  | { readonly do: "count"; readonly each: number }
  /** Everyone leaves. */
  | { readonly do: "leave" };

/** What people who come and go have done, and what became of them. */
export interface ComersReport {
  readonly here: number;
  /** How often each kind of thing was done. */
  readonly did: Readonly<Record<string, number>>;
  /** Those whose connection was ended since the last time though they had done nothing, by the reason they were given. */
  readonly ended: Readonly<Record<string, number>>;
}

/** What was noticed since the last time that it was asked. */
export interface Noticed {
  readonly window: WindowReport;
  readonly comers: ComersReport;
  /** Its own processor time, as a share of one core; and milliseconds by which its timers were late at most. */
  readonly busy: number;
  readonly lag: number;
}

/** What it answers. */
export interface Answer {
  /** After "look" and "empty". */
  readonly noticed?: Noticed;
  /** Messages of each room, in order, after "empty". */
  readonly rooms?: Readonly<Record<string, readonly string[]>>;
  /** After "count": the hearers that there were for what was said, and what they have heard. */
  readonly counted?: { readonly said: number; readonly hearers: number; readonly heard: number };
}

/** What those who stay have noticed since the last time. */
export interface WindowReport {
  /** Messages that they have heard. */
  readonly heard: number;
  /** Milliseconds from saying something to hearing it: half of them, 99 of 100, and all. */
  readonly p50: number;
  readonly p99: number;
  readonly longest: number;
  /** Milliseconds in which one of them heard nothing, at most. */
  readonly silence: number;
  readonly wrongs: Wrongs;
  /** Whose connection ended, and why. */
  readonly ended: readonly string[];
  /** How often a link was lost and continued, and was told all anew instead. */
  readonly resumed: number;
  readonly restarted: number;
}
