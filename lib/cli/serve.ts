// `bobchat serve`: opens the listeners, wires the flow together, and closes everything in order.

import { ClusterError } from "../chat/batch.ts";
import { Connections } from "../chat/connections.ts";
import type { Event } from "../chat/event.ts";
import type { History } from "../chat/history.ts";
import { Queue } from "../chat/queue.ts";
import { write } from "../chat/writer.ts";
import { closeLog, log, openLog } from "../log.ts";
import { counter, createMetrics, type Metrics } from "../metrics.ts";
import type { ClusterQueue } from "../cluster/queue.ts";
import { keepBeforeMigration } from "../history/backup.ts";
import { HistoryError, pathFault } from "../history/faults.ts";
import { MemoryHistory } from "../history/memory.ts";
import type { NodeHistory } from "../history/network.ts";
import { SqliteHistory } from "../history/sqlite.ts";
import { Intake } from "../net/intake.ts";
import { yieldToEventLoop } from "../std/event_loop.ts";
import { SteadyClock } from "./clock.ts";
import { type Listeners, openListeners } from "./open_listeners.ts";
import { StartError } from "../errors.ts";
import { createJobs } from "./jobs.ts";
import { LiveOptions } from "./live.ts";
import { Load } from "./load.ts";
import { banner } from "./banner.ts";
import type { Node, NodeOptions } from "./node.ts";
import type { Options } from "./options.ts";
import { giveUp } from "./permissions.ts";
import { print } from "./print.ts";
import { Readiness } from "./readiness.ts";
import { onFileTooLarge, onHangUp, onSignals } from "./signals.ts";
import type { StatusPort } from "./status_port.ts";

/** A running server. */
export interface Server {
  readonly listeners: Listeners;
  /** Resolves once a signal has stopped it and everything is closed. */
  readonly finished: Promise<void>;
}

/** Bytes that may wait in the queue, as they will be sent; never half of what a slow reader may hold. */
const QUEUE_CAPACITY = 512 * 1024;
/** What an event counts for besides its text (at most 3 bytes a character): a name and a time. */
const EVENT_WEIGHT = 64;
/** What a command counts for: the answer may list a hundred names. */
const COMMAND_WEIGHT = 4096;
/** Milliseconds between two ticks: for a crowd's joins and leaves, and for the disk. */
const TICK = 2000;
/** The share of `maxPending` that a page of history may take, at 3 bytes a character and a head. */
const RECALLED = 1 / 16;
/** Milliseconds that outboxes have to flush at shutdown. */
const PATIENCE = 5000;

const LOG_LOST = counter(
  "bobchat_log_lost_lines_total",
  "Lines of the log that could not be written.",
);

/** What a server is started with besides its options. */
export interface StartOptions {
  readonly version: string;
  /** Reads the options again, at SIGHUP. Throws a `UsageError` or `StartError`. */
  readonly reread: () => Options;
}

/** Starts the server, prints the banner, and gives up the permissions that it no longer needs. */
export async function start(
  options: Options,
  { version, reread }: StartOptions,
): Promise<Server> {
  const stopping = new AbortController();
  // Before any file is opened: if none is left, registering signals would crash.
  onSignals(() => stopping.abort());
  let reload = () => {};
  onHangUp(() => reload());
  onFileTooLarge();
  const metrics = createMetrics();
  startLog(options, metrics);
  metrics.gauge("bobchat_build_info", "The version of bobchat and of Deno; always 1.", () => [
    { labels: { version, deno: Deno.version.deno }, value: 1 },
  ]);
  const live = new LiveOptions(options);
  const clock = new SteadyClock({ wall: Date.now, monotonic: now });
  const history = await openHistory(options, { clock, metrics });
  const capacity = Math.min(QUEUE_CAPACITY, options.maxPending / 2);
  const fatal: { sentence?: string } = {};
  const node = await openNode(options, {
    ...{ options, history, capacity, weigh, now, metrics },
    onFatal: (sentence) => {
      fatal.sentence = sentence;
      stopping.abort();
    },
  });
  const queue = node?.queue ?? new Queue<Event>({ capacity, weigh, now, yieldToEventLoop });
  metrics.gauge("bobchat_queue_events", "Events that wait to be handled.", () => queue.size);
  const stop = stopping.signal;
  const load = new Load({ metrics, now });
  const readiness = new Readiness({
    isStopping: () => stop.aborted,
    isCutOff: () => node?.queue.isLost === true,
    trouble: () => history.trouble,
    now,
  });
  const asksPassword = live.opens !== undefined;
  const connections = new Connections();
  const parts = { live, clock, history, queue, node, connections, metrics, load, readiness };
  const written = writeAll(options, parts);
  // A writer that cannot go on stops the server; why is thrown at the end.
  written.catch(() => stopping.abort());
  const lastId = await Promise.race([node?.joined(), written.then(() => undefined, cannotGoOn)]);
  const intake = new Intake({
    ...{ queue, connections, limits: live.limits, metrics, stop, asksPassword, lastId },
  });
  load.watch(intake);
  const listeners = await openListeners({ options, intake, metrics, stop });
  reload = () => {
    live.reload(reread);
    listeners.reload?.(live.options);
  };
  const statusPort = await openStatus(options, { metrics, readiness });
  const finished = run({ ...parts, written, intake, listeners, statusPort, fatal });
  announce(
    banner(version, {
      listeners: listeners.addresses,
      machine: Deno.networkInterfaces(),
      told: options,
    }),
  );
  await giveUp({
    // SIGHUP reads files again, and the server looks at times whether the history's is still there.
    keepRead: [options.logFile, options.config, options.motd, options.passwordFile, options.tlsCert]
      .concat(options.history).some((file) => file !== undefined),
    keepWrite: options.logFile !== undefined,
    keepSpace: options.history !== undefined,
  });
  return { listeners, finished };
}

/** The parts of a server, already open. */
interface Parts {
  readonly live: LiveOptions;
  readonly clock: SteadyClock;
  readonly history: History;
  readonly queue: Queue<Event> | ClusterQueue;
  /** Of a network's node. */
  readonly node: Node | undefined;
  readonly connections: Connections;
  readonly metrics: Metrics;
  readonly load: Load;
  readonly readiness: Readiness;
}

/** The parts that are open once people may come. */
interface Running extends Parts {
  readonly written: Promise<void>;
  readonly intake: Intake;
  readonly listeners: Listeners;
  /** Of `--status-port`. */
  readonly statusPort: StatusPort | undefined;
  /** Why it had to stop, if a signal is not why. */
  readonly fatal: { readonly sentence?: string };
}

/** Opens the network that --nats names; its code is loaded only then. */
async function openNode(
  { nats }: Options,
  parts: NodeOptions,
): Promise<Node | undefined> {
  if (nats.length === 0) return undefined;
  const { openNode } = await import("./node.ts");
  return await openNode(parts);
}

/** Opens the port of --status-port; its code is loaded only then. */
async function openStatus(
  { statusPort, ...options }: Options,
  parts: { metrics: Metrics; readiness: Readiness },
): Promise<StatusPort | undefined> {
  if (statusPort === undefined) return undefined;
  const { openStatusPort } = await import("./status_port.ts");
  return openStatusPort({ options: { ...options, statusPort }, ...parts });
}

/** Runs the writer to its end. */
function writeAll(options: Options, parts: Parts): Promise<void> {
  const { live, clock, history, queue, node, connections, metrics, load } = parts;
  const { motd } = live;
  const runJob = createJobs({ live, history, load, metrics, now });
  return write({
    motd,
    batches: queue,
    connections,
    clock: () => ({ at: Date.now(), dueAt: clock.now() }),
    history,
    replay: options.replay,
    keepRooms: node?.keepRooms ?? options.keepRooms,
    maxLine: options.maxLine,
    metrics,
    now,
    mostRecalled: options.maxPending * RECALLED,
    audit: (entry) => log.info("{who} did {did} to {whom}: {why}", { ...entry }),
    startJob: async ({ connection: id, job, answers, isAwaited }) => {
      await queue.push({ kind: "job done", id, result: await runJob(job), answers, isAwaited });
    },
    cluster: node?.cluster,
  });
}

async function run(parts: Running): Promise<void> {
  const { clock, history, queue, node, written, intake, listeners, metrics, fatal } = parts;
  const { load, readiness, statusPort } = parts;
  const ticking = setInterval(() => {
    history.tick();
    readiness.look();
    // A network ticks by itself.
    if (node === undefined) void queue.push({ kind: "tick", isSure: clock.isSure() });
  }, TICK);
  await listeners.closed;
  if (!await intake.quiet()) log.warn("stopping before all received messages were delivered");
  clearInterval(ticking);
  queue.close();
  const failure = await written.then(() => fatal.sentence, (error) => {
    if (!(error instanceof ClusterError)) throw error;
    return error.message;
  });
  await intake.close(PATIENCE);
  await statusPort?.close();
  load.close();
  await node?.close();
  history.close();
  log.info("stopped");
  log.debug("counted {metrics}", () => ({ metrics: metrics.counts() }));
  await closeLog();
  if (failure !== undefined) throw new StartError(failure);
}

/** Why a node cannot start, as a `StartError`. */
function cannotGoOn(error: unknown): never {
  throw error instanceof ClusterError ? new StartError(error.message, { cause: error }) : error;
}

/** Opens the history: in memory, or in the file that --history names. Throws a `StartError`. */
async function openHistory(
  { history: path, keepDays, nats }: Options,
  { clock, metrics }: { clock: SteadyClock; metrics: Metrics },
): Promise<NodeHistory> {
  if (path === undefined) return new MemoryHistory();
  try {
    await keepBeforeMigration(path);
    return SqliteHistory.open(path, {
      ...{ keepDays, metrics, isNode: nats.length > 0 },
      now: () => clock.now(),
      isSure: () => clock.isSure(),
    });
  } catch (error) {
    if (!(error instanceof HistoryError)) throw error;
    throw new StartError(error.message, { cause: error });
  }
}

/** Milliseconds, from a clock that never goes back. */
function now(): number {
  return performance.now();
}

function weigh(event: Event): number {
  if (event.kind !== "typed") return EVENT_WEIGHT;
  const { input } = event;
  if (input.kind === "text") return EVENT_WEIGHT + 3 * input.text.length;
  return input.kind === "reply" || input.kind === "oversize" ? EVENT_WEIGHT : COMMAND_WEIGHT;
}

function startLog({ logLevel, logFormat, logFile }: Options, metrics: Metrics): void {
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

/** Prints the banner; if stdout cannot be written, the server runs all the same. */
function announce(lines: readonly string[]): void {
  try {
    print(lines.join("\n"));
  } catch (error) {
    if (!(error instanceof StartError)) throw error;
    log.warn("{why}", { why: error.message });
  }
}
