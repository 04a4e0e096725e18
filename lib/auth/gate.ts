// A gate that lets so many through at once; the others wait in line.

/** Runs some work as soon as it is its turn. */
export type Gate = <T>(work: () => Promise<T>) => Promise<T>;

/** A gate for `most` at once. Those who wait are as many as call: the caller bounds them. */
export function createGate(most: number): Gate {
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
