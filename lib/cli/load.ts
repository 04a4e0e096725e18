// How busy the server is: how late the event loop is, memory and processor, and what was said in the last minute. For
// the metrics, and for /status.

import process from "node:process";
import { DELIVERIES } from "../chat/fan_out.ts";
import type { SlowReader, Status } from "../chat/status.ts";
import { MESSAGES } from "../chat/writer.ts";
import { histogram, type Metrics } from "../metrics.ts";

const LAG = histogram({
  name: "bobchat_event_loop_lag_seconds",
  help: "How late a timer is that fires four times a second.",
  bounds: [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 5],
});

/** Milliseconds between two measurements of the lag; how many make a sample, and how many samples a minute. */
const TICK = 250, TICKS = 8, SAMPLES = 30;

/** How many of the slowest readers are named. */
const MOST_SLOW = 5;

/** The connections, as far as /status is concerned. */
export interface People {
  readonly size: number;
  /** The slowest readers, worst first. */
  slowest(most: number): SlowReader[];
}

/** What was counted up to some time. */
interface Sample {
  /** Milliseconds. */
  readonly at: number;
  readonly messages: number;
  readonly deliveries: number;
  /** Seconds of processor time. */
  readonly processor: number;
  /** Milliseconds by which the event loop was late at most since the last sample. */
  readonly lag: number;
}

/** Options of the load. */
export interface LoadOptions {
  readonly metrics: Metrics;
  /** Milliseconds, from a clock that never goes back. */
  readonly now: () => number;
}

/** Measures the load until it is closed. */
export class Load {
  readonly #options: LoadOptions;
  readonly #begun: number;
  readonly #samples: Sample[];
  readonly #timer: ReturnType<typeof setInterval>;
  #people: People | undefined;
  #looked: number;
  #ticks = 0;
  #lag = 0;

  constructor(options: LoadOptions) {
    const { metrics, now } = this.#options = options;
    this.#begun = this.#looked = now();
    this.#samples = [this.#sample()];
    this.#timer = setInterval(() => this.#tick(), TICK);
    const started = Date.now() / 1000;
    metrics.gauge("bobchat_start_time_seconds", "When the server was started (Unix time).", () => {
      return started;
    });
    const memory = Deno.memoryUsage;
    metrics.gauge("bobchat_resident_memory_bytes", "Memory of the process.", () => memory().rss);
    metrics.gauge("bobchat_heap_used_bytes", "The part of JavaScript's heap that is used.", () => {
      return memory().heapUsed;
    });
    metrics.total("bobchat_cpu_seconds_total", "Processor time of the process.", processorTime);
  }

  /** Says where the connections are, once there are any. */
  watch(people: People): void {
    this.#people = people;
  }

  /** How the server is. */
  status(): Status {
    const last = this.#sample(), [first = last] = this.#samples;
    const seconds = Math.max(1, last.at - first.at) / 1000;
    return {
      uptime: last.at - this.#begun,
      connections: this.#people?.size ?? 0,
      slowest: this.#people?.slowest(MOST_SLOW) ?? [],
      messages: (last.messages - first.messages) / seconds,
      deliveries: (last.deliveries - first.deliveries) / seconds,
      lag: Math.max(this.#lag, ...this.#samples.map(({ lag }) => lag)),
      processor: (last.processor - first.processor) / seconds,
      memory: Deno.memoryUsage().rss,
    };
  }

  /** Measures no more. */
  close(): void {
    clearInterval(this.#timer);
  }

  #tick(): void {
    const { metrics, now } = this.#options;
    const at = now(), lag = Math.max(0, at - this.#looked - TICK);
    this.#looked = at;
    this.#lag = Math.max(this.#lag, lag);
    metrics.observe(LAG, lag / 1000);
    if (++this.#ticks % TICKS !== 0) return;
    this.#samples.push(this.#sample());
    if (this.#samples.length > SAMPLES) this.#samples.shift();
    this.#lag = 0;
  }

  #sample(): Sample {
    const { metrics, now } = this.#options;
    return {
      at: now(),
      messages: metrics.count(MESSAGES.room) + metrics.count(MESSAGES.person),
      deliveries: metrics.count(DELIVERIES.message),
      processor: processorTime(),
      lag: this.#lag,
    };
  }
}

/** Seconds of processor time that the process has taken. */
function processorTime(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1_000_000;
}
