// The signals that bobchat heeds: those that stop it, the one that has it read its certificate again, and the
// one that would end it.

const IS_WINDOWS = Deno.build.os === "windows";

/** Signal names and the exit code when one comes twice: 128 and its number, as shells count. */
const SIGNALS: [Deno.Signal, number][] = IS_WINDOWS
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

/** Has a write fail that makes a file larger than the system allows (ulimit -f): it would end the server. */
export function onFileTooLarge(): void {
  if (!IS_WINDOWS) Deno.addSignalListener("SIGXFSZ", () => {});
}

/** Calls `reload` at every SIGHUP, which Windows has none of. */
export function onHangUp(reload: () => void): void {
  if (!IS_WINDOWS) Deno.addSignalListener("SIGHUP", reload);
}
