// How far a long command is: one line on a terminal, rewritten; nothing where nobody watches.

/** Milliseconds between two looks of somebody who watches. */
const PACE = 100;

/** A line that counts. */
export interface Progress {
  /** So many so far. */
  show(count: number): void;
  /** Takes the line away. */
  end(): void;
}

/** On stderr if that is a terminal and `isAlone` there: lines of another stream would run into it. */
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
