// The signals that stop bobchat.

/** Signal names and the exit code when one comes twice: 128 and its number, as shells count. */
const SIGNALS: [Deno.Signal, number][] = Deno.build.os === "windows"
  ? [["SIGINT", 130], ["SIGBREAK", 149]]
  : [["SIGINT", 130], ["SIGTERM", 143]];

/** Calls `stop` at the first signal; the second leaves at once. */
export function onSignals(stop: () => void): void {
  let stopping = false;
  for (const [signal, code] of SIGNALS) {
    Deno.addSignalListener(signal, () => {
      if (stopping) Deno.exit(code);
      stopping = true;
      stop();
    });
  }
}
