// A name that the old connection still bears: asked for again every few seconds, without a word.

import type { Heard } from "../wire/heard.ts";
import { isTaken } from "./arrival.ts";

/** How often it is asked for, and milliseconds in between. */
const TIMES = 60, PACE = 5000;

/** One name that is asked for. */
export class Reclaim {
  readonly name: string;
  readonly #timer: ReturnType<typeof setInterval>;
  #isAsked = false;

  /** `ask` sends a line; `end` is called when it was asked for in vain often enough. */
  constructor(name: string, { ask, end }: { ask: (line: string) => void; end: () => void }) {
    this.name = name;
    let asked = 0;
    this.#timer = setInterval(() => {
      if (asked++ === TIMES) return end();
      this.#isAsked = true;
      ask(`/nick ${name}`);
    }, PACE);
  }

  /** Whether a line is the answer that it is still taken, which nobody needs to see. */
  takes(line: Heard): boolean {
    if (!this.#isAsked || line.kind !== "notice" || !isTaken(line.text)) return false;
    this.#isAsked = false;
    return true;
  }

  /** Asks no more. */
  stop(): void {
    clearInterval(this.#timer);
  }
}
