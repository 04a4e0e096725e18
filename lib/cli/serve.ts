// `bobchat serve`: opens the doors, wires the flow together, and closes it all in order.

import type { Event } from "../chat/event.ts";
import { Queue } from "../chat/queue.ts";
import { write } from "../chat/writer.ts";
import { closeLog, log, openLog } from "../log.ts";
import { createMetrics } from "../metrics.ts";
import { Intake } from "../net/intake.ts";
import { accept, formatAddress } from "../net/tcp.ts";
import { classicProtocol } from "../wire/classic.ts";
import { LineProtocol } from "../wire/line.ts";
import { StartError } from "./errors.ts";
import { invitation } from "./invitation.ts";
import type { Options } from "./options.ts";
import { giveUp } from "./permissions.ts";
import { onSignals } from "./signals.ts";

/** A running server. */
export interface Server {
  readonly addresses: readonly Deno.NetAddr[];
  /** Resolves once it has been stopped, by a signal, and everything is closed. */
  readonly finished: Promise<void>;
}

/** Bytes, as they will be sent, that may wait in the queue; and never half of what a slow reader may hold. */
const QUEUE_CAPACITY = 512 * 1024;
/** What an event counts for besides its text, at most 3 bytes a character: a name and a time. */
const EVENT_WEIGHT = 64;
/** What a command counts for: it may be answered with a hundred names. */
const COMMAND_WEIGHT = 4096;
/** Milliseconds between two tellings of who has come to and gone from a crowd. */
const TICK = 2000;
/** Milliseconds that outboxes have to flush at the end. */
const PATIENCE = 5000;

/** Starts the server, says so on stdout, and gives up what it no longer needs. */
export async function start(options: Options, version: string): Promise<Server> {
  const stop = new AbortController();
  // Before anything opens a file: without one left, registering them would crash.
  onSignals(() => stop.abort());
  await startLog(options);
  const listeners = listen(options);
  const finished = run(options, { listeners, stop: stop.signal });
  const addresses = listeners.map(({ addr }) => addr);
  for (const line of invitation(version, addresses, Deno.networkInterfaces())) console.log(line);
  await giveUp({ keepFiles: options.logFile !== undefined });
  return { addresses, finished };
}

async function run(
  options: Options,
  { listeners, stop }: { listeners: readonly Deno.TcpListener[]; stop: AbortSignal },
): Promise<void> {
  const metrics = createMetrics();
  const queue = new Queue<Event>({
    capacity: Math.min(QUEUE_CAPACITY, options.maxPending / 2),
    weigh,
    now: () => performance.now(),
  });
  const protocol = options.classic ? classicProtocol : () => new LineProtocol(options.maxLine);
  const intake = new Intake({ queue, protocol, limits: options, metrics, stop });
  const serve = intake.serve.bind(intake);
  const written = write({ batches: queue, clock: Date.now });
  const ticking = setInterval(() => void queue.push({ kind: "tick" }), TICK);
  await Promise.all(listeners.map((listener) => accept(listener, { serve, stop, metrics })));
  if (!await intake.quiet()) log.warn("stopping before everything that was sent could be said");
  clearInterval(ticking);
  queue.close();
  await written;
  await intake.close(PATIENCE);
  log.info("stopped");
  log.debug("counted {metrics}", { metrics });
  await closeLog();
}

function weigh(event: Event): number {
  if (event.kind !== "typed") return EVENT_WEIGHT;
  if (event.input.kind === "command") return COMMAND_WEIGHT;
  return EVENT_WEIGHT + ("text" in event.input ? 3 * event.input.text.length : 0);
}

async function startLog({ logLevel, logFormat, logFile }: Options): Promise<void> {
  try {
    await openLog({ level: logLevel, format: logFormat, file: logFile });
  } catch (error) {
    throw new StartError(
      `cannot write the log to ${logFile}: give --log-file a path in a folder that you may write to`,
      { cause: error },
    );
  }
}

/** A listener for every host and port, or none at all. */
function listen({ host, port }: Options): Deno.TcpListener[] {
  const listeners: Deno.TcpListener[] = [];
  try {
    for (const hostname of host.length > 0 ? host : [everywhere()]) {
      for (const each of port) listeners.push(open(hostname, each));
    }
    return listeners;
  } catch (error) {
    for (const listener of listeners) listener.close();
    throw error;
  }
}

/** `::` takes IPv4 too, where the machine has IPv6 at all. */
function everywhere(): string {
  try {
    Deno.listen({ hostname: "::", port: 0 }).close();
    return "::";
  } catch {
    return "0.0.0.0";
  }
}

function open(hostname: string, port: number): Deno.TcpListener {
  try {
    return Deno.listen({ hostname, port });
  } catch (error) {
    throw new StartError(`cannot listen on ${formatAddress(hostname, port)}: ${advice(error)}`, {
      cause: error,
    });
  }
}

function advice(error: unknown): string {
  if (error instanceof Deno.errors.AddrInUse) {
    return "another program has that port, so stop it or choose another with --port";
  }
  if (error instanceof Deno.errors.PermissionDenied) {
    return "the system does not allow it, so choose a port above 1023 with --port";
  }
  return "it is not an address of this machine, so leave --host out or give one that is";
}
