// The workloads that the servers are measured on.

/** One workload; numbers are passed to the load process as they are. */
export interface Workload {
  readonly name: string;
  readonly clients: number;
  readonly senders: number;
  /** Messages under way at once. */
  readonly window: number;
  /** Clients that stop reading. */
  readonly stalled?: number;
  /** Whether one more sender sends as fast as its socket takes it. */
  readonly flood?: 1;
  /** Messages a second that each sender sends; bobchat then runs with its default rate. */
  readonly pace?: number;
  /** Seconds to wait before idle memory is read, if this workload measures it. */
  readonly settle?: number;
  /** Which servers it is for: all, those that are made for many clients, or only bobchat. */
  readonly servers: "every" | "scalable" | "bobchat";
  /** Whether `--quick` includes it. */
  readonly quick?: true;
}

const BUSY = { clients: 1000, senders: 50, window: 50 };

/** A sender's share of bobchat's default rate, which is 10 messages a second. */
const PACE = 8;

function crowd(clients: number): Workload {
  const tenth = clients / 10;
  return { name: `crowd ${clients}`, clients, senders: tenth, window: tenth, servers: "scalable" };
}

export const WORKLOADS: readonly Workload[] = [
  { name: "whisper", clients: 1000, senders: 1, window: 1, servers: "every", quick: true },
  { name: "busy", ...BUSY, servers: "every", quick: true },
  { name: "storm 200", clients: 100, senders: 100, window: 200, servers: "every", quick: true },
  { name: "storm 2000", clients: 100, senders: 100, window: 2000, servers: "every" },
  ...[10, 100, 1000].map(crowd),
  { ...crowd(10_000), settle: 15 },
  { name: "stalled", ...BUSY, stalled: 100, servers: "bobchat" },
  { name: "flood", ...BUSY, flood: 1, servers: "bobchat" },
  { name: "paced", ...BUSY, pace: PACE, servers: "bobchat" },
  { name: "paced flood", ...BUSY, pace: PACE, flood: 1, servers: "bobchat" },
];
