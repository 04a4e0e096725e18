// The signals that bobchat handles: those that stop it, the one that makes it read its certificate again, and
// the one that would end it when a file grows too large.

const IS_WINDOWS = Deno.build.os === "windows";

/** Signals, and the exit code if one comes twice: 128 plus its number, as shells count. */
const SIGNALS: [Deno.Signal, number][] = IS_WINDOWS
  ? [["SIGINT", 130], ["SIGBREAK", 149]]
  : [["SIGINT", 130], ["SIGTERM", 143]];

/** Milliseconds within which a signal counts as the same one: `deno task` passes on Ctrl-C a second time. */
const ECHO = 500;

/** Calls `stop` at the first signal; the second exits at once. */
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

/** Until it is disposed of, a signal that stops bobchat runs `clean` first. */
export function beforeStop(clean: () => void): Disposable {
  const listeners = SIGNALS.map(([signal, code]) => {
    const stop = () => {
      clean();
      Deno.exit(code);
    };
    Deno.addSignalListener(signal, stop);
    return () => Deno.removeSignalListener(signal, stop);
  });
  return { [Symbol.dispose]: () => listeners.forEach((remove) => remove()) };
}

/** Has writes to a file of the largest size allowed (ulimit -f) fail, instead of ending the server. */
export function onFileTooLarge(): void {
  if (!IS_WINDOWS) Deno.addSignalListener("SIGXFSZ", () => {});
}

/** Calls `reload` at every SIGHUP; Windows has none. */
export function onHangUp(reload: () => void): void {
  if (!IS_WINDOWS) Deno.addSignalListener("SIGHUP", reload);
}
