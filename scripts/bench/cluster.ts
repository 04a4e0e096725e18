// `deno task bench --cluster`: 1, 2 and 4 bobchats on this machine that are one room over a nats-server with a
// store of its own, the load's clients spread over them; and one bobchat without NATS, to compare with.

import { Nats } from "../../tests/e2e/nats.ts";
import { drive, type Result, type Running, start } from "./measure.ts";
import { median } from "./report.ts";
import type { Server } from "./servers.ts";
import type { Workload } from "./workloads.ts";

/** Options of the measurement. */
export interface ClusterOptions {
  /** The project's folder. */
  readonly root: string;
  /** The compiled load process. */
  readonly load: string;
  /** Runs of each; the median counts. */
  readonly runs: number;
  /** The workloads to run; none: all. */
  readonly only: readonly string[];
}

/** One row; `nodes` is 0 for a bobchat without NATS. */
interface ClusterRow {
  readonly workload: Workload;
  readonly nodes: number;
  readonly result: Result;
  /** Milliseconds from the start of a bobchat until it accepts. */
  readonly ready: number;
  /** MiB of memory of a node, after the load. */
  readonly memory: number;
}

const NODES = [0, 1, 2, 4];

/** The workload whose number of clients is that on each node; of the others, all nodes share them. */
const PER_NODE = "500 on each";

/** Its servers have --rate 0: a thousand messages a second from each of ten people. */
const WORKLOADS: readonly Workload[] = [
  { name: "whisper", clients: 1000, senders: 1, window: 1, servers: "bobchat" },
  { name: "10,000/s", clients: 20, senders: 10, window: 4000, pace: 1000, servers: "bobchat" },
  { name: PER_NODE, clients: 500, senders: 50, window: 50, servers: "bobchat" },
  { name: "full", clients: 8, senders: 8, window: 16_000, servers: "bobchat" },
];

/** Measures, and gives a table in Markdown. */
export async function clusterTable(options: ClusterOptions): Promise<string> {
  const rows: ClusterRow[] = [];
  for (const kind of WORKLOADS) {
    if (options.only.length > 0 && !options.only.includes(kind.name)) continue;
    const results = new Map<number, ClusterRow[]>();
    for (let run = 0; run < options.runs; run++) {
      for (const nodes of NODES) {
        results.set(nodes, [...results.get(nodes) ?? [], await once(kind, nodes, options)]);
      }
    }
    for (const [nodes, each] of results) {
      const [{ memory, workload }] = each as [ClusterRow];
      const ready = each.map((row) => row.ready).sort((a, b) => a - b)[each.length >> 1]!;
      const result = median(each.map((row) => row.result));
      rows.push({ workload, nodes, ready, memory, result });
    }
    console.error(`${kind.name} done`);
  }
  return table(rows);
}

/** One load against so many nodes, each started anew with a nats-server of its own. */
async function once(
  kind: Workload,
  nodes: number,
  { root, load }: ClusterOptions,
): Promise<ClusterRow> {
  const isPerNode = kind.name === PER_NODE;
  const workload = { ...kind, clients: kind.clients * (isPerNode ? Math.max(nodes, 1) : 1) };
  await using nats = await Nats.start();
  const { tasks: { start: task } } = JSON.parse(await Deno.readTextFile(`${root}deno.json`));
  const running: Running[] = [];
  try {
    for (let i = 0; i < Math.max(nodes, 1); i++) {
      const words = nodes === 0 ? [] : ["--nats", nats.url, "--node", `n${i}`];
      running.push(await start(bobchat(`${task}`.replace("main.ts", `${root}main.ts`), words)));
    }
    const result = await drive(running, workload, {
      ...{ load, dialect: { echo: 1 }, warmup: 1, seconds: 4, settle: 1 },
    });
    const ready = Math.max(...running.map((each) => each.ready));
    return { workload, nodes, result, ready, memory: result.after / running.length };
  } finally {
    for (const each of running) await each.stop();
  }
}

/** A bobchat as the benchmark starts it. */
function bobchat(task: string, words: readonly string[]): Server {
  return {
    name: "bobchat",
    dialect: {},
    command: (port) => [
      ...task.split(" "),
      ...["--host", "127.0.0.1", "--port", `${port}`, "--rate", "0", "--log-level", "error"],
      ...words,
    ],
  };
}

function table(rows: readonly ClusterRow[]): string {
  const head = [
    "workload",
    "nodes",
    "messages a second",
    "CPU µs a delivery",
    "a message and node",
    "p50 ms",
    "p99 ms",
  ];
  const lines = rows.map(({ workload, nodes, result, ready, memory }) => {
    const { deliveries, cost, p50, p99, lost, closed, load } = result;
    const plain = rows.find((row) =>
      row.workload.name === workload.name && row.nodes === 0
    )!.result;
    const added = (n: number, from: number) =>
      nodes === 0
        ? n.toFixed(2)
        : `${n.toFixed(2)} (${n < from ? "" : "+"}${(n - from).toFixed(2)})`;
    const figures = [
      workload.name,
      nodes === 0 ? "no NATS" : nodes,
      (deliveries / workload.clients).toFixed(0),
      cost.toFixed(3),
      (cost * workload.clients / Math.max(nodes, 1)).toFixed(1),
      added(p50, plain.p50),
      added(p99, plain.p99),
      memory.toFixed(0),
      ready.toFixed(0),
      `${(load * 100).toFixed(0)} %`,
      lost,
      closed,
    ];
    return `| ${figures.join(" | ")} |`;
  });
  const titles = [...head, "MiB a node", "ready ms", "load's CPU", "lost", "closed"];
  return [`| ${titles.join(" | ")} |`, `|${" --- |".repeat(titles.length)}`, ...lines].join("\n");
}
