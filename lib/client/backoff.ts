// How long a client waits before it tries again: longer each time, and not the same for all clients. The page
// and the terminal client share it.

/** Most milliseconds to wait before the first try. */
const FIRST = 500;
/** The longest wait of all, in milliseconds. */
export const LONGEST = 30_000;

/** Milliseconds to wait after `tries` failed tries (0 at first); `chance`, 0 to 1, spreads clients out. */
export function backoff(tries: number, chance: number): number {
  return longestWait(tries) * (0.5 + chance / 2);
}

/** The longest wait after this many failed tries. */
export function longestWait(tries: number): number {
  return Math.min(LONGEST, FIRST * 2 ** tries);
}
