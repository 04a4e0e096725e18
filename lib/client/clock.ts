// The time, timers and chance that a link uses, as browsers, Deno and Node have them.

import type { LinkOptions } from "./link/link.ts";

/** The real ones. */
export const CLOCK: Pick<LinkOptions, "now" | "later" | "chance" | "nonce"> = {
  now: () => performance.now(),
  later: (run, milliseconds) => {
    const timer = setTimeout(run, milliseconds);
    return () => clearTimeout(timer);
  },
  chance: () => Math.random(),
  // Not `randomUUID`, which plain http does not have.
  nonce: () =>
    Array.from(
      crypto.getRandomValues(new Uint8Array(16)),
      (byte) => byte.toString(16).padStart(2, "0"),
    ).join(""),
};
