// `deno task bench`: measures the message path, beside other servers on this machine.
//
// Each server is a process of its own on loopback, driven by a load process (bench/load.c). Every figure is
// the median of several runs, in which the servers take turns.

import { parseArgs } from "../lib/std/typed.ts";
import { clusterTable } from "./bench/cluster.ts";
import { measure, type Result, type RunOptions, start } from "./bench/measure.ts";
import {
  type Change,
  changes,
  chart,
  median,
  page,
  ratios,
  type Row,
  table,
} from "./bench/report.ts";
import { compile, pairs, type Server, servers } from "./bench/servers.ts";
import { type Workload, WORKLOADS } from "./bench/workloads.ts";

const ROOT = new URL("..", import.meta.url).pathname;
const CHART = `${ROOT}.github/assets/bench.svg`;
const HELP = `deno task bench [OPTIONS]

  --quick                     a few workloads, one short run each: under 40 s
  --only WORKLOAD             these workloads alone, repeatable (storm for all that begin so)
  --server NAME               these servers alone, repeatable
  --runs N                    runs of each, the median counts (3; of two versions 5)
  --peer NAME='COMMAND {port}'  one more server: it sends each line to everyone, its sender among them
  --peer before=FOLDER        nothing but this bobchat beside another version's source, run by run:
                              before, now, before, now
  --peer before='COMMAND {port} {rate}'  the same beside one that is started so; {rate} becomes
                              --rate 0, or nothing where a workload keeps to the default rate
  --cluster                   several bobchats that are one room over nats-server, and nothing else
  --chart                     write .github/assets/bench.svg as well
`;

/** Runs everything that was asked for, and prints it. */
async function main(args: string[]): Promise<void> {
  const asked = parseArgs(args.filter((arg) => arg !== "--"), {
    boolean: ["quick", "chart", "cluster", "help"],
    string: ["only", "server", "runs", "peer"],
    collect: ["only", "server", "peer"],
    unknown: (arg) => {
      console.error(`there is no option ${arg}\n\n${HELP}`);
      Deno.exit(2);
    },
  });
  if (asked.help) return console.log(HELP);
  const list = (key: string) => (asked[key] ?? []) as string[];
  const scratch = await Deno.makeTempDir();
  try {
    const load = `${scratch}/load`;
    const uncompiled = await compile(`${ROOT}scripts/bench/load.c`, load);
    if (uncompiled !== undefined) {
      throw new Error(`the load process cannot be compiled: ${uncompiled}`);
    }
    if (asked.cluster) {
      console.log(await machine());
      const runs = Number(asked.runs ?? 3);
      return console.log(await clusterTable({ root: ROOT, load, runs, only: list("only") }));
    }
    const tlsLoad = `${scratch}/load-tls`;
    const withTls = ["-DTLS", "-lssl", "-lcrypto"];
    const hasTls = await compile(`${ROOT}scripts/bench/load.c`, tlsLoad, withTls) === undefined;
    const loads = hasTls ? { load, tlsLoad } : { load };
    const every = await servers({ root: ROOT, scratch, peers: list("peer") });
    const isAsked = ({ name }: Server) =>
      list("server").length === 0 || list("server").includes(name);
    const all = every.filter(isAsked).filter(({ slow }) => !(slow && asked.quick));
    const versions = pairs(every).filter(([, now]) => isAsked(now));
    const workloads = WORKLOADS.filter(({ name, quick }) =>
      list("only").length > 0
        ? list("only").some((only) => name === only || name.startsWith(`${only} `))
        : quick || !asked.quick
    );
    const runs = Number(asked.runs ?? (asked.quick ? 1 : versions.length > 0 ? 5 : 3));
    const options = asked.quick
      ? { ...loads, warmup: 0.1, seconds: 0.3, settle: 0 }
      : { ...loads, warmup: 0.5, seconds: 2, settle: 0.5 };
    console.log(await machine());
    if (versions.length > 0) {
      const rows = await compareVersions(versions, { workloads, runs, options });
      return console.log(page(changes(rows)));
    }
    const rows: Row[] = [];
    for (const workload of workloads) {
      const chosen = all.filter((server) => takesPart(server, workload));
      rows.push(...await compare(chosen, { workload, runs, options }));
      console.error(`${workload.name} done`);
    }
    console.log(page(table(rows), ratios(rows)));
    if (list("only").length === 0 && !asked.quick) await aside(all, options);
    if (asked.chart) await Deno.writeTextFile(CHART, chart(rows, ["busy", "storm 200"]));
  } finally {
    await Deno.remove(scratch, { recursive: true });
  }
}

function takesPart(server: Server, workload: Workload): boolean {
  return workload.servers === "every" ||
    (workload.servers === "scalable" ? server.scalable === true : server.name === "bobchat");
}

/** Each server's medians on one workload; the servers take turns. */
async function compare(
  chosen: readonly Server[],
  { workload, runs, options }: { workload: Workload; runs: number; options: RunOptions },
): Promise<Row[]> {
  const results = new Map<Server, Result[]>();
  const failures = new Map<Server, string>();
  for (let run = 0; run < runs; run++) {
    for (const server of chosen) {
      if (server.missing !== undefined || failures.has(server)) continue;
      try {
        const [result] = await measure(server, workload, options);
        results.set(server, [...results.get(server) ?? [], result!]);
      } catch (error) {
        failures.set(server, String(error));
      }
    }
  }
  return chosen.map((server) => ({
    workload: workload.name,
    server: server.name,
    result: server.missing ?? failures.get(server) ?? median(results.get(server)!),
  }));
}

/** The medians of two versions started in each way, on each workload that this way takes part in. */
async function compareVersions(
  versions: readonly [Server, Server][],
  { workloads, runs, options }: {
    workloads: readonly Workload[];
    runs: number;
    options: RunOptions;
  },
): Promise<Change[]> {
  const rows: Change[] = [];
  for (const workload of workloads) {
    for (const pair of versions.filter(([, now]) => takesPart(now, workload))) {
      const [before, now] = await compare(pair, { workload, runs, options });
      const { server, result } = now!;
      rows.push({ workload: workload.name, server, before: before!.result, now: result });
      console.error(`${workload.name}, ${server} done`);
    }
  }
  return rows;
}

/** Prints what no table row shows: storms in a row, and how fast bobchat is ready. */
async function aside(all: readonly Server[], options: RunOptions): Promise<void> {
  const storm = WORKLOADS.find(({ name }) => name === "storm 2000")!;
  const own = all.filter(({ name, missing }) => name.startsWith("bobchat") && !missing);
  for (const server of own) {
    const storms = await measure(server, storm, { ...options, times: 3 });
    const sizes = storms.map(({ after }) => `${after.toFixed(0)}`).join(", ");
    console.log(`${server.name}: RSS after each of three storms in a row: ${sizes} MiB`);
    const starts: number[] = [];
    for (let i = 0; i < 6; i++) {
      const running = await start(server);
      await running.stop();
      starts.push(running.ready);
    }
    // The first start may have unpacked or compiled something.
    const ready = starts.slice(1).sort((a, b) => a - b)[2]!;
    console.log(`${server.name}: accepts ${ready.toFixed(0)} ms after its start`);
  }
}

async function machine(): Promise<string> {
  const cpu = /^model name\s*: (.*)$/m.exec(await Deno.readTextFile("/proc/cpuinfo"))?.[1];
  return `${
    cpu ?? "unknown CPU"
  }, ${navigator.hardwareConcurrency} cores, Linux ${Deno.osRelease()}, Deno ${Deno.version.deno}`;
}

if (import.meta.main) await main(Deno.args);
