// The progress of a long command: one line on a terminal, rewritten; nothing elsewhere.

/** Milliseconds between two updates. */
const PACE = 100;

/** A progress line. */
export interface Progress {
  /** Shows the count so far. */
  show(count: number): void;
  /** Removes the line. */
  end(): void;
}

/** Starts a progress line on stderr if that is a terminal. `isAlone`: no other output shares it. */
export function startProgress(what: string, { isAlone }: { isAlone: boolean }): Progress {
  if (!isAlone || !Deno.stderr.isTerminal()) return { show: () => undefined, end: () => undefined };
  const encoder = new TextEncoder();
  const write = (text: string) => void Deno.stderr.writeSync(encoder.encode(text));
  let shownAt = -Infinity;
  return {
    show(count) {
      if (performance.now() - shownAt < PACE) return;
      shownAt = performance.now();
      write(`\r${count} ${what}`);
    },
    end: () => write("\r\x1b[K"),
  };
}
