// The metrics: what is counted, and how much. A metric is declared once, where it is counted; each server has
// values of its own. metrics/text.ts writes them for Prometheus.

/** A counter, or one of those that a label tells apart. */
export interface Counter {
  /** Where its value is. */
  readonly index: number;
}

/** A histogram. */
export interface Histogram {
  /** Where the first of its values is: the counts of its buckets, then the sum. */
  readonly index: number;
  /** The upper bounds of its buckets, ascending; one without a bound comes last. */
  readonly bounds: readonly number[];
}

/** What Prometheus is told of a metric. Names and units are by its conventions. */
export interface Told {
  readonly name: string;
  readonly help: string;
}

/** A value of a metric, or of one part of it. */
export interface Sample {
  /** What follows the metric's name. */
  readonly suffix?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly value: number;
}

/** A metric and its values. */
export interface Family extends Told {
  readonly type: "counter" | "gauge" | "histogram";
  readonly samples: readonly Sample[];
}

/** A metric that was declared: `samples` picks its values out of all. */
interface Declared extends Told {
  readonly type: Family["type"];
  readonly samples: (valueAt: (index: number) => number) => Sample[];
}

const declared: Declared[] = [];
/** How many values all that is declared so far has. */
let size = 0;

/** Declares a counter. */
export function counter(name: string, help: string): Counter {
  const index = size++;
  const samples: Declared["samples"] = (valueAt) => [{ value: valueAt(index) }];
  declared.push({ type: "counter", name, help, samples });
  return { index };
}

/** Declares counters that differ in the value of one label. */
export function counters<Value extends string>(
  { name, help, label, values }: Told & { label: string; values: readonly Value[] },
): Readonly<Record<Value, Counter>> {
  const parts = values.map((value) => [value, { index: size++ }] as const);
  const samples: Declared["samples"] = (valueAt) =>
    parts.map(([value, { index }]) => ({ labels: { [label]: value }, value: valueAt(index) }));
  declared.push({ type: "counter", name, help, samples });
  return Object.fromEntries(parts) as Record<Value, Counter>;
}

/** Declares a histogram, by the upper bounds of its buckets. */
export function histogram(
  { name, help, bounds }: Told & { bounds: readonly number[] },
): Histogram {
  const index = size;
  size += bounds.length + 2;
  const samples: Declared["samples"] = (valueAt) => {
    let count = 0;
    const buckets = [...bounds, Infinity].map((bound, at): Sample => {
      count += valueAt(index + at);
      return { suffix: "_bucket", labels: { le: boundText(bound) }, value: count };
    });
    const sum = valueAt(index + bounds.length + 1);
    return [...buckets, { suffix: "_sum", value: sum }, { suffix: "_count", value: count }];
  };
  declared.push({ type: "histogram", name, help, samples });
  return { index, bounds };
}

/** A bound as OpenMetrics writes it, so that it is the same in both formats. */
function boundText(bound: number): string {
  if (bound === Infinity) return "+Inf";
  return Number.isInteger(bound) ? `${bound}.0` : `${bound}`;
}

/** The metrics of one server. */
export class Metrics {
  readonly #values: number[] = new Array(size).fill(0);
  readonly #read = new Map<string, { type: Family["type"]; help: string; read: Read }>();

  /** Adds to a counter. */
  add({ index }: Counter, count = 1): void {
    this.#values[index] = this.#valueAt(index) + count;
  }

  /** How much was counted so far. */
  count({ index }: Counter): number {
    return this.#valueAt(index);
  }

  /** Adds a value to a histogram: once a batch or a tick, not once a message. */
  observe({ index, bounds }: Histogram, value: number): void {
    let at = 0;
    while (at < bounds.length && value > bounds[at]!) at++;
    this.add({ index: index + at });
    this.add({ index: index + bounds.length + 1 }, value);
  }

  /** Declares a gauge, which is read when somebody asks. */
  gauge(name: string, help: string, read: Read): void {
    this.#read.set(name, { type: "gauge", help, read });
  }

  /** Declares a counter that somebody else counts, and which is read when somebody asks. */
  total(name: string, help: string, read: Read): void {
    this.#read.set(name, { type: "counter", help, read });
  }

  /** Everything with its values. */
  *families(): Iterable<Family> {
    const valueAt = (index: number) => this.#valueAt(index);
    for (const { samples, ...told } of declared) yield { ...told, samples: samples(valueAt) };
    for (const [name, { type, help, read }] of this.#read) {
      const value = read();
      yield { type, name, help, samples: typeof value === "number" ? [{ value }] : value };
    }
  }

  /** The counters by name, with what their label tells apart; for the log. */
  counts(): Record<string, number> {
    const counts: Record<string, number> = {};
    for (const { type, name, samples } of this.families()) {
      if (type !== "counter") continue;
      for (const { labels = {}, value } of samples) {
        counts[[name, ...Object.values(labels)].join(" ")] = value;
      }
    }
    return counts;
  }

  /** A part of the program that was loaded later may have declared it. */
  #valueAt(index: number): number {
    return this.#values[index] ?? 0;
  }
}

/** Reads a value, or one for each value of a label. */
type Read = () => number | readonly Sample[];

/** A fresh set of metrics. */
export function createMetrics(): Metrics {
  return new Metrics();
}
