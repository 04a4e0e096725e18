// Reconnects after a lost connection: at once, then with ever longer waits.

import { backoff, LONGEST, longestWait } from "../client/backoff.ts";
import { delay } from "../std/typed.ts";
import { DialError } from "./connection.ts";

/** Options of `redial`. */
export interface RedialOptions<T> {
  /** Connects. Throws a `DialError` if it cannot. */
  readonly dial: () => Promise<T>;
  /** How many tries were made before, by connections that did not last. */
  readonly attempt: number;
  /** Shows a text to the user. */
  readonly tell: (text: string) => void;
  /** Once aborted, `redial` rejects. */
  readonly stop: AbortSignal;
}

/** Tries until it connects; returns the connection and the number of the next try. */
export async function redial<T>(options: RedialOptions<T>): Promise<[T, number]> {
  const { dial, tell, stop } = options;
  for (let what = "Connection lost", { attempt } = options;; attempt++) {
    const wait = backoff(attempt, Math.random());
    const isLongest = longestWait(attempt) === LONGEST;
    // From then on there is nothing new to tell.
    if (!isLongest) tell(`${what}: trying again in ${seconds(wait)} s`);
    else if (longestWait(attempt - 1) < LONGEST) {
      tell(`${what}: trying again every ${seconds(LONGEST)} s`);
    }
    await delay(wait, { signal: stop });
    try {
      return [await dial(), attempt + 1];
    } catch (error) {
      if (!(error instanceof DialError)) throw error;
      what = `No connection (${error.reason})`;
    }
  }
}

function seconds(ms: number): number {
  return ms < 2000 ? Math.round(ms / 100) / 10 : Math.round(ms / 1000);
}
