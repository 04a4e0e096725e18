// A semaphore: runs a limited number of jobs at once; the others wait in line.

/** Runs some work as soon as it is its turn. */
export type Semaphore = <T>(work: () => Promise<T>) => Promise<T>;

/** A semaphore for `most` at once. The caller must bound how many wait. */
export function createSemaphore(most: number): Semaphore {
  const waiting: (() => void)[] = [];
  let running = 0;
  return async (work) => {
    // A finished job hands its place to the next in line, so nobody slips in between.
    if (running < most) running++;
    else await new Promise<void>((enter) => waiting.push(enter));
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next === undefined) running--;
      else next();
    }
  };
}
