// How long a client waits before it tries again: longer each time, and not all clients at once. The page
// and the terminal client share it.

/** Milliseconds to wait at most before the first try. */
const FIRST = 500;
/** The longest wait of all, in milliseconds. */
export const LONGEST = 30_000;

/** Milliseconds to wait after so many tries in vain, from 0; `chance`, 0 to 1, spreads those who were lost together. */
export function backoff(tries: number, chance: number): number {
  return longestWait(tries) * (0.5 + chance / 2);
}

/** The most that it may be after so many tries in vain. */
export function longestWait(tries: number): number {
  return Math.min(LONGEST, FIRST * 2 ** tries);
}
