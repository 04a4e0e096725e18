// A semaphore that lets so many through at once; the others wait in line.

/** Runs some work as soon as it is its turn. */
export type Semaphore = <T>(work: () => Promise<T>) => Promise<T>;

/** A semaphore for `most` at once. Those who wait are as many as call: the caller bounds them. */
export function createSemaphore(most: number): Semaphore {
  const waiting: (() => void)[] = [];
  let running = 0;
  return async (work) => {
    // Whoever leaves hands its place over, so nobody slips in between.
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
