// Prepares the terminal, so that keys come in one by one, and restores it at the end, whatever happens.

import type { Terminal } from "./screen.ts";

/** Signals that end bobchat, and the exit codes: 128 plus their numbers, as shells count. */
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
  size() {
    // A new window may have no size yet, and a wide character needs two columns.
    const { columns, rows } = Deno.consoleSize();
    return { columns: Math.max(2, columns || 80), rows: rows || 24 };
  },
};

/** Prepares the terminal; returns what restores it, which also runs when bobchat is ended or fails. */
export function takeTerminal(
  { resized, leave, exit }: {
    resized: () => void;
    leave: () => void;
    /** Ends the process with an exit code. */
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
      // If the terminal is gone, it needs no restoring.
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
  // Before Deno prints the error.
  addEventListener("error", giveBack);
  addEventListener("unhandledrejection", giveBack);
  Deno.stdin.setRaw(true);
  return giveBack;
}
