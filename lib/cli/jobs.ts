// The chat's slow work: each job is started where it belongs, and counted.

import { createAuthJobs } from "../auth/jobs.ts";
import type { History } from "../chat/history.ts";
import type { RunJob } from "../chat/job.ts";
import { createSearches } from "../history/search.ts";
import { counters, type Metrics } from "../metrics.ts";
import type { LiveOptions } from "./live.ts";
import type { Load } from "./load.ts";

const JOBS = counters({
  name: "bobchat_jobs_total",
  help:
    "Slow work that was started: checking the server password, hashing, verifying and changing passwords, " +
    "searching, and looking how the server is.",
  label: "kind",
  values: ["enter", "hash", "verify", "change", "search", "status"],
});

/** Options of the jobs. */
export interface JobsOptions {
  readonly live: Pick<LiveOptions, "opens">;
  readonly history: History;
  readonly load: Load;
  readonly metrics: Metrics;
  /** Milliseconds, from a clock that never goes back. */
  readonly now: () => number;
}

/** Makes the function that runs jobs. */
export function createJobs({ live: { opens }, history, load, metrics, now }: JobsOptions): RunJob {
  const search = createSearches(history), authenticate = createAuthJobs({ opens, now });
  const run: RunJob = async (job) => {
    if (job.kind === "hand over") return { ...job, kind: "handed over" };
    if (job.kind === "status") return { kind: "status", status: load.status() };
    return await (job.kind === "search" ? search(job) : authenticate(job));
  };
  let running = 0;
  metrics.gauge("bobchat_running_jobs", "Jobs that are under way or wait in line.", () => running);
  return async (job) => {
    if (job.kind !== "hand over") metrics.add(JOBS[job.kind]);
    running++;
    try {
      return await run(job);
    } finally {
      running--;
    }
  };
}
