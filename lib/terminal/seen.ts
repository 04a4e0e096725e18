// What was shown already, so that a server which shows the last messages again tells no news.

import type { Heard } from "../wire/heard.ts";

/** Most messages that are remembered. */
const MOST = 1000;

/** The last messages. */
export class Seen {
  readonly #keys = new Set<string>();

  /** Whether it was shown; from now on it was. */
  take(line: Heard): boolean {
    if (line.kind === "notice" || line.kind === "other") return false;
    const key = JSON.stringify(line);
    const isKnown = this.#keys.delete(key);
    this.#keys.add(key);
    const [oldest] = this.#keys;
    if (this.#keys.size > MOST && oldest !== undefined) this.#keys.delete(oldest);
    return isKnown;
  }
}
