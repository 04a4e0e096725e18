/// <reference lib="dom" />
// What a link needs of the browser: WebSockets to where the page came from, timers, and random numbers.

import type { LinkOptions } from "./link.ts";

/** The browser's own. */
export const BROWSER: Pick<LinkOptions, "open" | "now" | "later" | "chance"> = {
  open: () => new WebSocket(new URL("ws", location.href.replace(/^http/, "ws"))),
  now: () => performance.now(),
  later: (run, milliseconds) => {
    const timer = setTimeout(run, milliseconds);
    return () => clearTimeout(timer);
  },
  chance: () => Math.random(),
};
