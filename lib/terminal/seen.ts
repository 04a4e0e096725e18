// Messages that were shown already, so that they are no news when a server sends its last messages again.

import type { Heard } from "../wire/heard.ts";

/** Most messages that are remembered. */
const MOST = 1000;

/** The last messages that were shown. */
export class Seen {
  readonly #keys = new Set<string>();

  /** Whether the message was shown before; marks it as shown. */
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
