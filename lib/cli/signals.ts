// The signals that stop bobchat.

/** Signal names and the exit code when one comes twice: 128 and its number, as shells count. */
const SIGNALS: [Deno.Signal, number][] = Deno.build.os === "windows"
  ? [["SIGINT", 130], ["SIGBREAK", 149]]
  : [["SIGINT", 130], ["SIGTERM", 143]];

/** Milliseconds in which a signal is the first one again: Ctrl-C comes twice through `deno task`. */
const ECHO = 500;

/** Calls `stop` at the first signal; the second leaves at once. */
export function onSignals(stop: () => void): void {
  let since: number | undefined;
  for (const [signal, code] of SIGNALS) {
    Deno.addSignalListener(signal, () => {
      if (since === undefined) {
        since = performance.now();
        stop();
      } else if (performance.now() - since > ECHO) Deno.exit(code);
    });
  }
}
