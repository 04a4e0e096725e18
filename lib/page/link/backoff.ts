// How long to wait before a link is tried again: longer each time, and not all pages at once.

/** Milliseconds before the second try, and at most. */
const FIRST = 500, LONGEST = 30_000;

/** Milliseconds to wait after so many tries in vain, from 0; `chance` is from 0 to 1. */
export function pause(tries: number, chance: number): number {
  const most = Math.min(LONGEST, FIRST * 2 ** tries);
  return most * (0.5 + chance / 2);
}
