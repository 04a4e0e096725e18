// One run: a server, the crowd against it, samples once a second, the faults, and the books at the end.

import { delay } from "../../lib/std/typed.ts";
import { byLabel, type Metrics, readBooks, valueOf } from "./books.ts";
import { CrowdProcess } from "./crowd_process.ts";
import { FAULTS } from "./faults.ts";
import { type Burst, BURSTS } from "./orders.ts";
import { type Counted, IDLE_WAKES, type Part, type Result, type RunOptions } from "./result.ts";
import { Sampler } from "./sampler.ts";
import { command, type Figures, Server } from "./server.ts";

/** Milliseconds for which an idle server's waits are counted; and to settle after a fault, at most. */
const IDLE = 2000, SETTLE = 1500;
/** Milliseconds in which a server has caught up after a fault, and closed what has ended. */
const CAUGHT_UP_WITHIN = 20_000;
/** The share of the time that faults take; and milliseconds for one, at least and at most. */
const FAULTS_SHARE = 0.35, SHORTEST = 300, LONGEST = 8000;
/** How many people do something at once, of a hundred. */
const BURST_SHARE: Readonly<Record<Burst, number>> = {
  ...{ resets: 5, stalls: 1, "lost links": 5, "half requests": 5, floods: 0.1 },
};
/** People who come in a second, at most; and for how many seconds they stay, on average. */
const ARRIVALS = 60, STAY = 90;
/** Messages a second of those who come and go, of each thousand. */
const RATE = 6;
/** People in a room; messages of each in the count. */
const PER_ROOM = 200, EACH = 5;

/** Runs it; `say` is told how far it is. Throws an Error if the server cannot be started, or is gone. */
export async function run(options: RunOptions, say: (text: string) => void): Promise<Result> {
  const folder = await Deno.makeTempDir({ prefix: "bobchat-soak-" });
  try {
    const server = await Server.start(folder);
    try {
      return await soak(server, options, say);
    } finally {
      server.kill("SIGCONT");
      await server.stop();
      await server.unmount();
    }
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

async function soak(
  server: Server,
  options: RunOptions,
  say: (text: string) => void,
): Promise<Result> {
  const { minutes, people, hasFaults } = options;
  const version = (await output(await command(["--version"]))).trim();
  const before = await idle(server), files = server.openFiles();
  using crowd = new CrowdProcess({
    ...{ port: server.port, ca: server.ca, people, arrivals: ARRIVALS },
    rooms: Math.max(2, Math.round(people / PER_ROOM)),
    stay: STAY,
    rate: RATE * people / 1000,
  });
  await crowd.ask({ do: "stay" });
  const each = Math.max(
    SHORTEST,
    Math.min(LONGEST, minutes * 60_000 * FAULTS_SHARE / (BURSTS.length + FAULTS.length)),
  );
  const settle = Math.min(SETTLE, each);
  const sampler = new Sampler(server), parts: Part[] = [];
  const part = async (
    { name, isStandstill = false, count }: Pick<Part, "name" | "count"> & {
      isStandstill?: boolean;
    },
    act: () => Promise<string | void>,
  ) => {
    const from = sampler.now, earlier = await server.metrics(), begun = performance.now();
    const missing = await act() ?? undefined, took = performance.now() - begun;
    await caughtUp(server);
    await delay(settle);
    const later = await server.metrics(), { noticed } = await crowd.ask({ do: "look" });
    const since = (metric: string) => difference(byLabel(earlier, metric), byLabel(later, metric));
    parts.push({
      ...{ name, count, missing, noticed: noticed!, isStandstill, took, from, until: sampler.now },
      closes: since("bobchat_closes_total"),
      dropped: since("bobchat_dropped_bytes_total"),
    });
    say(`${name}: done`);
  };
  const forFaults = hasFaults ? (each + settle) * (BURSTS.length + FAULTS.length) : 0;
  await part({ name: "people come and go" }, async () => {
    await crowd.ask({ do: "come" });
    await delay(Math.max(minutes * 60_000 - forFaults, minutes * 60_000 / 2));
  });
  const faultsAt = sampler.now;
  for (const burst of hasFaults ? BURSTS : []) {
    const count = Math.max(1, Math.round(people * BURST_SHARE[burst] / 100));
    await part({ name: `${count} ${burst} at once`, count }, async () => {
      await crowd.ask({ do: "burst", burst, count });
      await delay(each);
    });
  }
  for (const { name, run, isStandstill } of hasFaults ? FAULTS : []) {
    await part({ name, isStandstill }, () => run(server, each));
  }
  const empty = await crowd.ask({ do: "empty" });
  const counted = await count(server, crowd);
  await sampler.close();
  await crowd.ask({ do: "leave" });
  parts.push({
    ...{ name: "all leave", took: 0, from: sampler.now, until: sampler.now, isStandstill: false },
    noticed: empty.noticed!,
    ...{ closes: {}, dropped: {} },
  });
  await until(() => Promise.resolve(server.openFiles().length <= files.length));
  const after = await idle(server), leftOpen = without(server.openFiles(), files);
  const metrics = await server.metrics();
  const { code } = await server.stop();
  return {
    ...{ options, version, faultsAt, parts, before, after, leftOpen, counted, metrics, code },
    samples: sampler.samples,
    books: readBooks(metrics),
    history: await checkHistory(server, { rooms: empty.rooms ?? {}, metrics }),
    crowdBusy: parts[0]!.noticed.busy,
  };
}

/** Counts what is said and heard in a room of those who stay, by the crowd and by the server. */
async function count(server: Server, crowd: CrowdProcess): Promise<Counted> {
  await crowd.ask({ do: "gather" });
  const earlier = readBooks(await server.metrics());
  const { counted } = await crowd.ask({ do: "count", each: EACH });
  const later = readBooks(await server.metrics());
  return {
    ...counted!,
    server: {
      said: later.messages - earlier.messages,
      hearers: later.hearers - earlier.hearers,
      delivered: later.delivered - earlier.delivered,
    },
  };
}

/** Compares the history with what was heard: each room's messages, in the same order. */
async function checkHistory(
  server: Server,
  { rooms, metrics }: { rooms: Readonly<Record<string, readonly string[]>>; metrics: Metrics },
): Promise<Result["history"]> {
  const text = await output(
    await command(["export", "--history", server.history, "--format", "jsonl"]),
  );
  const kept = new Map<string, string[]>();
  for (const line of text.split("\n")) {
    const [, room, author, number] = /"text":"~(\w+)\.(\w+)\.(\d+)\./.exec(line) ?? [];
    if (room === undefined) continue;
    const messages = kept.get(room) ?? [];
    kept.set(room, messages);
    messages.push(`${author}.${number}`);
  }
  const wrong = Object.entries(rooms).flatMap(([room, heard]) => {
    const have = kept.get(room) ?? [];
    if (have.length === heard.length && have.every((key, i) => key === heard[i])) return [];
    const missing = new Set(heard).difference(new Set(have)).size;
    return [
      `#${room}: ${heard.length} heard, ${have.length} kept, ${missing} of those heard are missing`,
    ];
  });
  return {
    heard: Object.values(rooms).reduce((sum, { length }) => sum + length, 0),
    wrong,
    lost: valueOf(metrics, "bobchat_history_lost_messages_total"),
  };
}

/** The figures of an idle server, and how often its main thread wakes. */
async function idle(server: Server): Promise<Figures & { wakes: number }> {
  let wakes = Infinity, last = await server.figures();
  // What was left to do, such as indexing, is done first.
  for (let times = 0; wakes > IDLE_WAKES && times < 10; times++) {
    const first = last;
    await delay(IDLE);
    last = await server.figures();
    wakes = (last.waits - first.waits) / (IDLE / 1000);
  }
  // The connection over which it was asked closes.
  await delay(SETTLE);
  return {
    ...last,
    files: server.openFiles().length,
    wakes,
  };
}

/** Waits until the server answers, its queue is empty, and its history is written. */
async function caughtUp(server: Server): Promise<void> {
  await until(async () => {
    const metrics = await server.metrics();
    return valueOf(metrics, "bobchat_queue_events") < 100 &&
      valueOf(metrics, "bobchat_history_waiting_records") === 0;
  });
}

async function until(condition: () => Promise<boolean>): Promise<void> {
  const end = performance.now() + CAUGHT_UP_WITHIN;
  while (!await condition() && performance.now() < end) await delay(100);
}

/** The elements of a list that another does not have as often. */
function without(list: readonly string[], other: readonly string[]): string[] {
  const left = [...list];
  for (const each of other) {
    const place = left.indexOf(each);
    if (place >= 0) left.splice(place, 1);
  }
  return left;
}

async function output([program, args]: [string, string[]]): Promise<string> {
  const { code, stdout } = await new Deno.Command(program, { args, stderr: "inherit" }).output();
  if (code !== 0) throw new Error(`${program} ${args.join(" ")} has failed`);
  return new TextDecoder().decode(stdout);
}

function difference(
  earlier: Readonly<Record<string, number>>,
  later: Readonly<Record<string, number>>,
): Record<string, number> {
  return Object.fromEntries(
    Object.entries(later).map(([key, value]) => [key, value - (earlier[key] ?? 0)]),
  );
}
