// Whether a figure that was sampled during a run grows: a straight line through the means of blocks of samples.
//
// Samples that follow each other are alike (memory goes up until it is collected), so the usual interval of a
// slope would be far too narrow. The means of blocks that are longer than such a cycle are nearly independent.

/** A figure at a time. */
export interface Sample {
  /** Seconds. */
  readonly at: number;
  readonly value: number;
}

/** The slope of a figure, with its 95 % interval, a second; and the figure's mean. */
export interface Trend {
  readonly slope: number;
  readonly low: number;
  readonly high: number;
  readonly mean: number;
}

/** The share of a run that is not looked at, since caches fill and the crowd arrives; and how many blocks the rest has. */
const WARM_UP = 1 / 4, BLOCKS = 15;
/** The two-sided 95 % quantile of Student's t for 1 to 30 degrees of freedom. */
// deno-fmt-ignore
const T = [
  12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179, 2.16, 2.145, 2.131,
  2.12, 2.11, 2.101, 2.093, 2.086, 2.08, 2.074, 2.069, 2.064, 2.06, 2.056, 2.052, 2.048, 2.045, 2.042,
];

/** The trend of a figure after the first quarter. Throws a RangeError if there are too few samples. */
export function trend(samples: readonly Sample[], blocks = BLOCKS): Trend {
  const first = samples[0]?.at ?? 0, last = samples.at(-1)?.at ?? 0;
  const rest = samples.filter(({ at }) => at >= first + (last - first) * WARM_UP);
  if (rest.length < blocks || blocks < 3) {
    throw new RangeError(`${rest.length} samples are too few`);
  }
  return line(Array.from({ length: blocks }, (_, i) => {
    const from = Math.floor(i * rest.length / blocks);
    const block = rest.slice(from, Math.floor((i + 1) * rest.length / blocks));
    return { at: mean(block.map(({ at }) => at)), value: mean(block.map(({ value }) => value)) };
  }));
}

/** Whether a slope is none: its interval has zero in it, or nothing outside of ± `negligible`; falling is no leak. */
export function isFlat({ low, high }: Trend, negligible: number): boolean {
  return low <= 0 || high <= negligible;
}

/** The straight line through points by least squares, with the interval of its slope. */
function line(points: readonly Sample[]): Trend {
  const count = points.length;
  const middle = mean(points.map(({ at }) => at)), level = mean(points.map(({ value }) => value));
  const spread = sum(points.map(({ at }) => (at - middle) ** 2));
  const slope = sum(points.map(({ at, value }) => (at - middle) * (value - level))) / spread;
  const left = sum(points.map(({ at, value }) => (value - level - slope * (at - middle)) ** 2));
  const error = Math.sqrt(left / (count - 2) / spread) * T[Math.min(count - 2, T.length) - 1]!;
  return { slope, low: slope - error, high: slope + error, mean: level };
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function mean(values: readonly number[]): number {
  return sum(values) / values.length;
}
