// The time, timers and chance that a link uses, as browsers, Deno and Node have them.

import type { LinkOptions } from "./link/link.ts";

/** The real ones. */
export const CLOCK: Pick<LinkOptions, "now" | "later" | "chance"> = {
  now: () => performance.now(),
  later: (run, milliseconds) => {
    const timer = setTimeout(run, milliseconds);
    return () => clearTimeout(timer);
  },
  chance: () => Math.random(),
};
