// What a server opens before anybody can come: the log, the history, and the queue.

import type { Event } from "../chat/event.ts";
import { Queue } from "../chat/queue.ts";
import { write, writeOnNode, type WriterOptions } from "../chat/writer.ts";
import { StartError } from "../errors.ts";
import { keepBeforeMigration } from "../history/backup.ts";
import { pathFault } from "../history/faults.ts";
import { MemoryHistory } from "../history/memory.ts";
import type { NodeHistory } from "../history/network.ts";
import { SqliteHistory } from "../history/sqlite.ts";
import { openLog } from "../log.ts";
import { counter, type Metrics } from "../metrics.ts";
import { yieldToEventLoop } from "../std/event_loop.ts";
import { now, type SteadyClock } from "./clock.ts";
import type { Node, NodeOptions } from "./node.ts";
import type { Options } from "./options.ts";

/** Bytes that may wait in the queue, as they will be sent; never half of what a slow reader may hold. */
const QUEUE_CAPACITY = 512 * 1024;
/** What an event counts for besides its text (at most 3 bytes a character): a name and a time. */
const EVENT_WEIGHT = 64;
/** What a command counts for: the answer may list a hundred names. */
const COMMAND_WEIGHT = 4096;

const LOG_LOST = counter(
  "bobchat_log_lost_lines_total",
  "Lines of the log that could not be written.",
);

/** Opens the log: stderr, or the file that --log-file names. Throws a `StartError`. */
export function startLog({ logLevel, logFormat, logFile }: Options, metrics: Metrics): void {
  const onLost = (count: number) => metrics.add(LOG_LOST, count);
  try {
    openLog({ level: logLevel, format: logFormat, file: logFile, onLost });
  } catch (error) {
    const isFolder = error instanceof Deno.errors.NotFound ||
      error instanceof Deno.errors.PermissionDenied;
    const fault = isFolder ? undefined : pathFault(error);
    const why = fault === undefined
      ? ": give --log-file a path in a folder that you may write to"
      : `, since ${fault}`;
    throw new StartError(`cannot write the log to ${logFile}${why}`, { cause: error });
  }
}

/** Opens the history: in memory, or in the file that --history names. Throws a `StartError`. */
export async function openHistory(
  { history: path, keepDays, nats }: Options,
  { clock, metrics }: { clock: SteadyClock; metrics: Metrics },
): Promise<NodeHistory> {
  if (path === undefined) return new MemoryHistory();
  await keepBeforeMigration(path);
  return SqliteHistory.open(path, {
    ...{ keepDays, metrics, isNode: nats.length > 0 },
    now: () => clock.now(),
    isSure: () => clock.isSure(),
  });
}

/** The queue that everything goes through. */
export interface OpenQueue {
  readonly queue: Pick<Queue<Event>, "push" | "close" | "size">;
  /** Runs the writer, which takes everything from it, to its end. */
  readonly write: (options: WriterOptions) => Promise<void>;
  /** The node of a network whose queue it is. */
  readonly node?: Node;
}

/** Opens the queue: in memory, or of the network that --nats names. Throws a `StartError`. */
export async function openQueue(
  options: Options,
  parts: Pick<NodeOptions, "history" | "metrics" | "onFatal">,
): Promise<OpenQueue> {
  const capacity = Math.min(QUEUE_CAPACITY, options.maxPending / 2);
  const measure = { capacity, weigh, now };
  if (options.nats.length === 0) {
    const queue = new Queue<Event>({ ...measure, yieldToEventLoop });
    return { queue, write: (rest) => write({ ...rest, batches: queue }) };
  }
  // Loaded only with --nats.
  const { openNode } = await import("./node.ts");
  const node = await openNode({ ...parts, ...measure, options });
  const { queue, cluster, keepRooms, editMinutes } = node;
  return {
    queue,
    node,
    write: (rest) => writeOnNode({ ...rest, batches: queue, cluster, keepRooms, editMinutes }),
  };
}

function weigh(event: Event): number {
  if (event.kind !== "typed") return EVENT_WEIGHT;
  const { input } = event;
  if (input.kind === "text") return EVENT_WEIGHT + 3 * input.text.length;
  return input.kind === "reply" || input.kind === "oversize" ? EVENT_WEIGHT : COMMAND_WEIGHT;
}
