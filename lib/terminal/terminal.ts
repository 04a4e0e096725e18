// The terminal itself: taken in hand, so that keys come in one by one, and given back as it was, whatever
// happens.

import type { Terminal } from "./screen.ts";

/** Signals that end bobchat, and the exit codes: 128 and their numbers, as shells count. */
const ENDS: [Deno.Signal, number][] = Deno.build.os === "windows"
  ? [["SIGINT", 130], ["SIGBREAK", 149]]
  : [["SIGINT", 130], ["SIGTERM", 143], ["SIGHUP", 129]];

const ENCODER = new TextEncoder();

/** This program's terminal. */
export const TERMINAL: Terminal = {
  write(text) {
    for (let rest = ENCODER.encode(text); rest.length > 0;) {
      rest = rest.subarray(Deno.stdout.writeSync(rest));
    }
  },
  size: () => Deno.consoleSize(),
};

/** Takes the terminal in hand; returns what gives it back, which is done by itself when bobchat is ended or fails. */
export function takeTerminal(
  { resized, leave, exit }: {
    resized: () => void;
    leave: () => void;
    /** Ends the process with a code. */
    exit: (code: number) => void;
  },
): () => void {
  let isHeld = true;
  const giveBack = (): void => {
    if (!isHeld) return;
    isHeld = false;
    try {
      leave();
    } finally {
      // No screen, no keys: a terminal that is gone needs neither.
      Deno.stdin.setRaw(false);
    }
  };
  for (const [signal, code] of ENDS) {
    Deno.addSignalListener(signal, () => {
      try {
        giveBack();
      } finally {
        exit(code);
      }
    });
  }
  if (Deno.build.os !== "windows") Deno.addSignalListener("SIGWINCH", resized);
  // Before Deno writes what it was.
  addEventListener("error", giveBack);
  addEventListener("unhandledrejection", giveBack);
  Deno.stdin.setRaw(true);
  return giveBack;
}
