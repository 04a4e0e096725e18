// `bobchat serve`: has everything opened, wires the flow together, and closes everything in order.

import { ClusterError } from "../chat/batch.ts";
import { Connections } from "../chat/connections.ts";
import type { History } from "../chat/history.ts";
import { StartError } from "../errors.ts";
import { closeLog, log } from "../log.ts";
import { createMetrics, type Metrics } from "../metrics.ts";
import { Intake } from "../net/intake.ts";
import { OpenConnections } from "../net/open_connections.ts";
import { banner } from "./banner.ts";
import { now, SteadyClock } from "./clock.ts";
import { createJobs } from "./jobs.ts";
import { LiveOptions } from "./live.ts";
import { Load } from "./load.ts";
import { type Listeners, openListeners } from "./open_listeners.ts";
import { openHistory, type OpenQueue, openQueue, startLog } from "./opening.ts";
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

/** Milliseconds between two ticks: for a crowd's joins and leaves, and for the disk. */
const TICK = 2000;
/** The share of `maxPending` that a page of history may take, at 3 bytes a character and a head. */
const RECALLED = 1 / 16;
/** Milliseconds that outboxes have to flush at shutdown. */
const PATIENCE = 5000;

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
  const { queue, write, node } = await openQueue(options, {
    ...{ history, metrics },
    onFatal: (sentence) => stopping.abort(new StartError(sentence)),
  });
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
  const parts = { live, clock, history, queue, write, node, connections, metrics, load, readiness };
  const written = writeAll(options, parts);
  // A writer that cannot go on stops the server; why is thrown at the end.
  written.catch(() => stopping.abort());
  const lastId = await Promise.race([node?.joined(), written.then(() => undefined)]);
  const { limits } = live;
  const open = new OpenConnections({ queue, limits, metrics, stop });
  const intake = new Intake({
    ...{ queue, connections, open, limits, metrics, asksPassword, lastId },
  });
  load.watch(open);
  const listeners = await openListeners({ options, intake, metrics, stop });
  reload = () => {
    live.reload(reread);
    listeners.reload?.(live.options);
  };
  const statusPort = await openStatus(options, { metrics, readiness });
  const finished = run({ ...parts, written, open, listeners, statusPort, stop });
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
interface Parts extends OpenQueue {
  readonly live: LiveOptions;
  readonly clock: SteadyClock;
  readonly history: History;
  readonly connections: Connections;
  readonly metrics: Metrics;
  readonly load: Load;
  readonly readiness: Readiness;
}

/** The parts that are open once people may come. */
interface Running extends Parts {
  readonly written: Promise<void>;
  readonly open: OpenConnections;
  readonly listeners: Listeners;
  /** Of `--status-port`. */
  readonly statusPort: StatusPort | undefined;
  /** Aborted with a `StartError` if that is why it must stop. */
  readonly stop: AbortSignal;
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

/** Runs the writer to its end. Throws a `StartError` if it cannot go on. */
async function writeAll(options: Options, parts: Parts): Promise<void> {
  const { live, clock, history, queue, write, connections, metrics, load } = parts;
  const runJob = createJobs({ live, history, load, metrics, now });
  try {
    await write({
      motd: live.motd,
      connections,
      clock: () => ({ at: Date.now(), dueAt: clock.now() }),
      history,
      replay: options.replay,
      keepRooms: options.keepRooms,
      editMinutes: options.editMinutes,
      maxLine: options.maxLine,
      metrics,
      now,
      mostRecalled: options.maxPending * RECALLED,
      audit: (entry) => {
        const why = entry.why === "" ? "" : ": {why}";
        log.info(`{who} did {did} to {whom}${why}`, { ...entry });
      },
      startJob: async ({ connection: id, job, answers, isAwaited }) => {
        await queue.push({ kind: "job done", id, result: await runJob(job), answers, isAwaited });
      },
    });
  } catch (error) {
    throw error instanceof ClusterError ? new StartError(error.message, { cause: error }) : error;
  }
}

/** Runs the server until it is to stop, and closes everything in order. Throws a `StartError` if it had to stop. */
async function run(parts: Running): Promise<void> {
  const { clock, history, queue, node, written, open, listeners, metrics, stop } = parts;
  const { load, readiness, statusPort } = parts;
  const ticking = setInterval(() => {
    history.tick();
    readiness.look();
    // A network ticks by itself.
    if (node === undefined) void queue.push({ kind: "tick", isSure: clock.isSure() });
  }, TICK);
  await listeners.closed;
  if (!await open.quiet()) log.warn("stopping before all received messages were delivered");
  clearInterval(ticking);
  queue.close();
  const failure: unknown = await written.then(() => stop.reason, (error) => {
    if (error instanceof StartError) return error;
    throw error;
  });
  await open.close(PATIENCE);
  await statusPort?.close();
  load.close();
  await node?.close();
  history.close();
  log.info("stopped");
  log.debug("counted {metrics}", () => ({ metrics: metrics.counts() }));
  await closeLog();
  if (failure instanceof StartError) throw failure;
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
