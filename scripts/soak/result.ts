// What a run has found out: what verdict.ts judges and report.ts shows.

import type { Books, Metrics } from "./books.ts";
import type { Noticed } from "./orders.ts";
import type { Figures } from "./server.ts";

/** Options of a run. */
export interface RunOptions {
  readonly minutes: number;
  readonly people: number;
  readonly hasFaults: boolean;
}

/** The figures of one moment, and when that was, in seconds since the first. */
export interface TimedFigures extends Figures {
  readonly at: number;
}

/** What happened in one part of the run. */
export interface Part {
  readonly name: string;
  /** Seconds since the first sample. */
  readonly from: number;
  readonly until: number;
  /** Milliseconds that the fault itself took. */
  readonly took: number;
  /** How many did it; undefined for faults of the system. */
  readonly count?: number;
  /** Why it could not be done. */
  readonly missing?: string;
  readonly noticed: Noticed;
  /** Closed connections, and bytes that were not sent, by why. */
  readonly closes: Readonly<Record<string, number>>;
  readonly dropped: Readonly<Record<string, number>>;
  readonly isStandstill: boolean;
}

/** What was counted in a room where nobody comes or goes: by the crowd, and by the server. */
export interface Counted {
  readonly said: number;
  readonly hearers: number;
  readonly heard: number;
  readonly server: { readonly said: number; readonly hearers: number; readonly delivered: number };
}

/** All that a run has found out. */
export interface Result {
  readonly options: RunOptions;
  readonly version: string;
  readonly samples: readonly TimedFigures[];
  /** Seconds since the first sample at which the faults began. */
  readonly faultsAt: number;
  readonly parts: readonly Part[];
  /** Before anybody came, and after everybody had left; with the waits of the main thread a second. */
  readonly before: Figures & { readonly wakes: number };
  readonly after: Figures & { readonly wakes: number };
  /** Files that are open after everybody has left, and were not before. */
  readonly leftOpen: readonly string[];
  readonly books: Books;
  readonly counted: Counted;
  readonly metrics: Metrics;
  /** Messages that those who stayed heard, and of these those that the history does not have as they were. */
  readonly history: {
    readonly heard: number;
    readonly wrong: readonly string[];
    readonly lost: number;
  };
  readonly code: number;
  /** Its crowd's processor time as a share of one core, over the run. */
  readonly crowdBusy: number;
}

/** How often an idle server wakes in a second, at most. */
export const IDLE_WAKES = 40;
