// One measurement: a server in a process of its own, the load process against it, and figures from /proc.

import { delay } from "../../lib/std/typed.ts";
import type { Server } from "./servers.ts";
import type { Workload } from "./workloads.ts";

/** The result of one run. */
export interface Result {
  /** A second. */
  readonly deliveries: number;
  /** Server CPU a delivery, in µs. */
  readonly cost: number;
  /** From send to the last receiver's arrival, in ms. */
  readonly p50: number;
  readonly p99: number;
  /** RSS an idle connection, in KiB. */
  readonly idle: number;
  /** Most RSS during the load, and RSS after it, in MiB. */
  readonly peak: number;
  readonly after: number;
  /** The load process's CPU time as a share of its running time: near 1 it is the bottleneck. */
  readonly load: number;
  /** Deliveries that did not arrive. */
  readonly lost: number;
  /** Connections that the server closed. */
  readonly closed: number;
}

/** Options of a run besides the server and the workload; times in seconds. */
export interface RunOptions {
  /** The compiled load process; and the one for TLS, if it could be compiled. */
  readonly load: string;
  readonly tlsLoad?: string;
  readonly warmup: number;
  readonly seconds: number;
  /** How long to wait after the joins before idle memory is read; a workload may need longer. */
  readonly settle: number;
}

/** The output of the load process. */
interface Report {
  readonly deliveries: number;
  readonly seconds: number;
  readonly p50: number;
  readonly p99: number;
  /** Its own CPU seconds. */
  readonly cpu: number;
  /** The server's CPU seconds. */
  readonly spent: number;
  readonly lost: number;
  readonly closed: number;
}

/** Runs `times` loads in a row against one server. Throws an Error that says what did not work. */
export async function measure(
  server: Server,
  workload: Workload,
  options: RunOptions & { times?: number },
): Promise<Result[]> {
  const load = server.tls ? options.tlsLoad : options.load;
  if (load === undefined) throw new Error("install libssl-dev");
  const running = await start(server, workload.pace !== undefined);
  try {
    const results: Result[] = [];
    for (let i = 0; i < (options.times ?? 1); i++) {
      results.push(await drive([running], workload, { ...options, load, dialect: server.dialect }));
    }
    return results;
  } finally {
    await running.stop();
  }
}

/** A server that was started. */
export interface Running {
  readonly port: number;
  readonly pid: number;
  /** Milliseconds from its start until it accepted. */
  readonly ready: number;
  stop(): Promise<void>;
}

/** Starts a server and waits until it accepts. */
export async function start(server: Server, paced = false): Promise<Running> {
  const port = freePort();
  const [program = "", ...args] = server.command(port, paced);
  const begun = performance.now();
  const child = new Deno.Command(program, { args, stdin: "null", stdout: "null", stderr: "null" })
    .spawn();
  let ended = false;
  child.status.then(() => ended = true);
  const stop = async () => {
    if (!ended) child.kill("SIGKILL");
    await child.status;
  };
  while (!await accepts(port)) {
    if (ended || performance.now() - begun > 10_000) {
      await stop();
      throw new Error(`${server.name} does not accept on port ${port}`);
    }
    await delay(1);
  }
  return { port, pid: child.pid, ready: performance.now() - begun, stop };
}

/** Runs one load against a server, or several that are one room. */
export async function drive(
  servers: readonly Running[],
  workload: Workload,
  options: RunOptions & { dialect: Server["dialect"] },
): Promise<Result> {
  const { dialect, load, warmup, seconds } = options;
  const { clients, senders, window, stalled = 0, flood = 0, pace = 0 } = workload;
  const asked = { clients, senders, window, stalled, flood, pace, ...dialect };
  const pids = servers.map(({ pid }) => pid);
  const settings = { ...asked, warmup, seconds, server: pids.join() };
  const before = memory(pids).now;
  const child = new Deno.Command(load, {
    args: [
      servers.map(({ port }) => port).join(),
      ...Object.entries(settings).map(([key, value]) => `${key}=${value}`),
    ],
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const stderr = new Response(child.stderr).text();
  const lines = readLines(child.stdout);
  const stdin = child.stdin.getWriter();
  try {
    if ((await lines.next()).value !== "ready") throw new Error((await stderr).trim());
    await delay((workload.settle ?? options.settle) * 1000);
    const idle = (memory(pids).now - before) / clients;
    await stdin.write(new TextEncoder().encode("go\n"));
    const line = (await lines.next()).value;
    if (line === undefined) throw new Error((await stderr).trim());
    const report: Report = JSON.parse(line);
    const { now, peak } = memory(pids);
    return {
      deliveries: report.deliveries / report.seconds,
      cost: report.spent / report.deliveries * 1e6,
      p50: report.p50,
      p99: report.p99,
      idle,
      peak: peak / 1024,
      after: now / 1024,
      load: report.cpu / report.seconds,
      lost: report.lost,
      closed: report.closed,
    };
  } finally {
    await stdin.close();
    await child.status;
  }
}

async function* readLines(stream: ReadableStream<Uint8Array>): AsyncGenerator<string, undefined> {
  const decoder = new TextDecoder();
  let rest = "";
  for await (const bytes of stream) {
    const lines = (rest + decoder.decode(bytes, { stream: true })).split("\n");
    rest = lines.pop()!;
    yield* lines;
  }
  return undefined;
}

function freePort(): number {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return listener.addr.port;
}

async function accepts(port: number): Promise<boolean> {
  try {
    (await Deno.connect({ hostname: "127.0.0.1", port })).close();
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.ConnectionRefused) return false;
    throw error;
  }
}

/** The RSS of all these now and at its highest, in KiB. */
function memory(pids: readonly number[]): { now: number; peak: number } {
  let now = 0, peak = 0;
  for (const pid of pids) {
    const status = Deno.readTextFileSync(`/proc/${pid}/status`);
    const field = (name: string) =>
      Number(new RegExp(`^${name}:\\s+(\\d+)`, "m").exec(status)?.[1]);
    now += field("VmRSS");
    peak += field("VmHWM");
  }
  return { now, peak };
}
