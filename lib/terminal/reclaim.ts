// Reclaims a name that the old connection still has: quietly asks for it again every few seconds.

import type { Heard } from "../wire/heard.ts";
import { isTaken } from "./arrival.ts";

/** How often to ask, and milliseconds between two tries. */
const TIMES = 60, PACE = 5000;

/** The reclaiming of one name. */
export class Reclaim {
  readonly name: string;
  readonly #timer: ReturnType<typeof setInterval>;
  #isAsked = false;

  /** `ask` sends a line; `end` is called after the last try. */
  constructor(name: string, { ask, end }: { ask: (line: string) => void; end: () => void }) {
    this.name = name;
    let asked = 0;
    this.#timer = setInterval(() => {
      if (asked++ === TIMES) return end();
      this.#isAsked = true;
      ask(`/nick ${name}`);
    }, PACE);
  }

  /** Whether a line only says that the name is still taken, so that it need not be shown. */
  takes(line: Heard): boolean {
    if (!this.#isAsked || line.kind !== "notice" || !isTaken(line.text)) return false;
    this.#isAsked = false;
    return true;
  }

  /** Stops asking. */
  stop(): void {
    clearInterval(this.#timer);
  }
}
