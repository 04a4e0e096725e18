// What the server remembers by: in memory alone, or in the file of --history.

import type { History } from "../chat/history.ts";
import { MemoryHistory } from "../history/memory.ts";
import { HistoryError } from "../history/schema.ts";
import { SqliteHistory } from "../history/sqlite.ts";
import type { Metrics } from "../metrics.ts";
import type { SteadyClock } from "./clock.ts";
import { StartError } from "../errors.ts";
import type { Options } from "./options.ts";

/** A history, and what is done about it from time to time and at the end. */
export interface Keeping {
  readonly history: History;
  /** Goes on with what waits for the disk. */
  tick(): void;
  close(): void;
}

/** Opens the history, which grows old by this clock. Throws a `StartError`. */
export function openHistory(
  { history: path, keepDays }: Options,
  { clock, metrics }: { clock: SteadyClock; metrics: Metrics },
): Keeping {
  if (path === undefined) {
    return { history: new MemoryHistory(), tick: () => undefined, close: () => undefined };
  }
  try {
    const history = SqliteHistory.open(path, {
      ...{ keepDays, metrics },
      now: () => clock.now(),
      isSure: () => clock.isSure(),
    });
    return { history, tick: () => history.retry(), close: () => history.close() };
  } catch (error) {
    if (!(error instanceof HistoryError)) throw error;
    throw new StartError(error.message, { cause: error });
  }
}
