// Whether this server should be sent people: not while it stops, while it is cut off from its network, or once its
// history has failed for a minute.

import { log } from "../log.ts";

/** What is asked about the server. */
export interface ReadinessOptions {
  readonly isStopping: () => boolean;
  /** Whether it has lost the others of its network. */
  readonly isCutOff: () => boolean;
  /** Why the history cannot be written now; undefined if it can. */
  readonly trouble: () => string | undefined;
  /** Milliseconds, from a clock that never goes back. */
  readonly now: () => number;
}

/** Milliseconds that the history may fail: a full disk or a copy under way may be over soon. */
const FAILING = 60_000;

/** Whether the server is ready. `look` must be called every few seconds. */
export class Readiness {
  readonly #options: ReadinessOptions;
  #failingSince: number | undefined;
  #wasReady = true;

  constructor(options: ReadinessOptions) {
    this.#options = options;
  }

  /** Why it is not ready, as a sentence; undefined if it is. */
  get trouble(): string | undefined {
    const { isStopping, isCutOff, trouble, now } = this.#options;
    if (isStopping()) return "bobchat is stopping";
    if (isCutOff()) return "bobchat has lost the others of its network";
    const since = this.#failingSince, why = trouble();
    if (why === undefined || since === undefined || now() - since < FAILING) return undefined;
    return `the history cannot be written (${why})`;
  }

  /** Looks whether the history fails, and logs what has changed. */
  look(): void {
    const { now, trouble: fails } = this.#options;
    if (fails() === undefined) this.#failingSince = undefined;
    else this.#failingSince ??= now();
    const { trouble } = this;
    const isReady = trouble === undefined;
    if (isReady === this.#wasReady) return;
    this.#wasReady = isReady;
    if (isReady) log.info("ready again");
    else log.warn("not ready: {trouble}", { trouble });
  }
}
