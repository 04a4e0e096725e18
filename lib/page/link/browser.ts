/// <reference lib="dom" />
// What a link is given of the browser: sockets to where the page came from, time, and chance.

import type { LinkOptions } from "./link.ts";

/** The browser's. */
export const BROWSER: Pick<LinkOptions, "open" | "now" | "later" | "chance"> = {
  open: () => new WebSocket(new URL("/ws", location.href.replace(/^http/, "ws"))),
  now: () => performance.now(),
  later: (run, milliseconds) => {
    const timer = setTimeout(run, milliseconds);
    return () => clearTimeout(timer);
  },
  chance: () => Math.random(),
};
