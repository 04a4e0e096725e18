// The figures of a server over time.

import { delay } from "../../lib/std/typed.ts";
import type { TimedFigures } from "./result.ts";
import type { Server } from "./server.ts";

/** Milliseconds between two samples. */
const SAMPLE = 1000;

/** Takes the figures of a server once a second. */
export class Sampler {
  readonly samples: TimedFigures[] = [];
  readonly #begun = performance.now();
  readonly #done: Promise<void>;
  #isOver = false;

  constructor(server: Server) {
    this.#done = this.#run(server);
  }

  /** Seconds since it began. */
  get now(): number {
    return (performance.now() - this.#begun) / 1000;
  }

  async close(): Promise<void> {
    this.#isOver = true;
    await this.#done;
  }

  async #run(server: Server): Promise<void> {
    while (!this.#isOver) {
      const begun = performance.now(), at = this.now;
      this.samples.push({ at, ...await server.figures() });
      await delay(Math.max(0, SAMPLE - (performance.now() - begun)));
    }
  }
}
