// A room without sockets: events go in, and what each person is sent comes out as text.

import { toBytes, toChunk } from "../../../lib/wire/chunk.ts";
import { type Carrier, Connections } from "../../../lib/chat/connections.ts";
import type { Chunk, Delivery, Encoder } from "../../../lib/chat/delivery.ts";
import type { AuditEntry, JobOrder } from "../../../lib/chat/effects.ts";
import type { Event, Input, Join, Speaks } from "../../../lib/chat/event.ts";
import type { Changeable, History } from "../../../lib/chat/history.ts";
import type { JobResult } from "../../../lib/chat/job.ts";
import { nameKey } from "../../../lib/chat/names.ts";
import type { Queue } from "../../../lib/chat/queue.ts";
import type { Status } from "../../../lib/chat/status.ts";
import { write } from "../../../lib/chat/writer.ts";
import { MemoryHistory } from "../../../lib/history/memory.ts";
import { createMetrics, type Metrics } from "../../../lib/metrics.ts";

const ENCODER = new TextEncoder(), DECODER = new TextDecoder();

/** Shows deliveries in a form that tests can read, one a line; counts how often it is asked to. */
export class Plain implements Encoder {
  encoded = 0;

  encode(deliveries: readonly Delivery[]): Chunk | undefined {
    this.encoded++;
    const text = deliveries.flatMap(show).map((line) => `${line}\n`).join("");
    return text === "" ? undefined : toChunk(ENCODER.encode(text));
  }

  describe(chunk: Chunk): string {
    return DECODER.decode(toBytes(chunk));
  }
}

function show(delivery: Delivery): string[] {
  switch (delivery.kind) {
    case "notice":
      return [`*** ${delivery.text}`];
    case "history page":
      return delivery.messages.flatMap(show);
    case "search results":
      if (delivery.messages.length === 0) return ["found nothing"];
      return delivery.messages.flatMap((message) => show(message).map((line) => `found ${line}`));
    case "mended": {
      const { message: { text, deleted }, who } = delivery;
      return [
        deleted ? `*** ${who} took back ${delivery.message.id}` : `*** ${who} now says: ${text}`,
      ];
    }
    case "state":
    case "receipt":
      return [];
  }
  const { kind, from, at, text, to } = delivery;
  if (kind === "private") return [`${from}(${at}) to ${to?.name}: ${text}`];
  return [kind === "action" ? `* ${from}(${at}) ${text}` : `${from}(${at}): ${text}`];
}

/** One connection, as the writer sees it. */
export class Person {
  readonly chunks: Chunk[] = [];
  /** Those of them that it has asked for; and how many chunks there were when it was told "that was all". */
  readonly answers: Chunk[] = [];
  /** Those of them that an app was welcomed with. */
  readonly welcomes: Chunk[] = [];
  readonly answered: number[] = [];
  name = "";
  ended: string | undefined;
  address = "127.0.0.1";
  token?: string;
  /** Most bytes of a text that it sends. */
  maxLine = 1024;
  /** Milliseconds of silence until the others are told of it. */
  announceIn = 0;
  /** Most connections of its member; and what it has in common with others of its browser. */
  maxDevices = 10;
  browser?: string;
  readonly speaks: Speaks;
  readonly id: number;
  readonly encoder: Encoder;

  constructor(id: number, encoder: Encoder, speaks: Speaks = "lines") {
    this.id = id;
    this.encoder = encoder;
    this.speaks = speaks;
  }

  /** What it was sent, line by line. */
  get heard(): string[] {
    return this.chunks.map((chunk) => DECODER.decode(toBytes(chunk))).join("").split("\n").slice(
      0,
      -1,
    );
  }

  join(): Join {
    const { id, speaks, address } = this;
    const isPrivate = address === "127.0.0.1";
    const { maxLine, announceIn, maxDevices, browser } = this;
    const join: Join = {
      ...{ kind: "join", id, speaks, address, isPrivate, isAsked: false, maxLine, announceIn },
      ...{ maxDevices, browser },
    };
    CARRIERS.set(join, this.carrier());
    return join;
  }

  /** What belongs to its connection. */
  carrier(): Carrier {
    const { encoder, token } = this;
    return {
      encoder,
      token,
      outbox: {
        write: (chunk, isAnswer) => {
          this.chunks.push(chunk);
          if (isAnswer) this.answers.push(chunk);
        },
        welcome: (chunk) => {
          this.chunks.push(chunk);
          this.welcomes.push(chunk);
        },
        answered: () => void this.answered.push(this.chunks.length),
        end: (why) => void (this.ended = why),
        named: (name) => void (this.name = name),
      },
    };
  }

  input(input: Input, isAwaited?: true): Event {
    return { kind: "typed", id: this.id, input, isAwaited };
  }

  says(text: string): Event {
    return this.input({ kind: "text", text });
  }

  /** The lines it was sent that no arrival or greeting explains. */
  get talk(): string[] {
    return this.heard.filter((line) =>
      !/^\*\*\* (?:Welcome|Type to talk|\S+ (?:joined|left|is now)|The room is closing)/.test(line)
    );
  }

  /** Lines as they would be typed. */
  types(...lines: string[]): Event[] {
    return lines.map((line) => {
      const [, name, text = ""] = /^\/(\S+) ?(.*)$/.exec(line) ?? [];
      return name === undefined ? this.says(line) : this.orders(name, text);
    });
  }

  /** `/name text`. */
  orders(name: string, text = ""): Event {
    return this.input({ kind: "command", name, text });
  }

  leaves(why = "left", said?: string): Event {
    return { kind: "leave", id: this.id, why, said };
  }
}

/** What belongs to the connections of joins. */
const CARRIERS = new WeakMap<Event, Carrier>();

/** Adds the connections that join in a batch. */
export function connect(connections: Connections, events: readonly Event[]): void {
  for (const event of events) {
    const carrier = CARRIERS.get(event);
    if (carrier !== undefined && event.kind === "join") connections.add(event.id, carrier);
  }
}

/** An event in a chat that asks for a password. */
function asked(event: Event): Event {
  return event.kind === "join" ? { ...event, isAsked: true } : event;
}

/** Some time has passed, and it is certain. */
export const TICK: Event = { kind: "tick", isSure: true };

/** People on one encoder. */
export function people(count: number, encoder: Encoder = new Plain()): Person[] {
  return Array.from({ length: count }, (_, i) => new Person(i + 1, encoder));
}

/** What a chat is run with, where it is not the usual. */
export interface Setup {
  readonly history?: TestHistory;
  readonly replay?: number;
  readonly keepRooms?: number;
  readonly editMinutes?: number;
  readonly mostRecalled?: number;
  readonly motd?: readonly string[];
  readonly opens?: (guess: string) => boolean;
  readonly audited?: AuditEntry[];
  readonly metrics?: Metrics;
  /** The clock, by the number of the batch. */
  readonly clock?: (batch: number) => number;
  /** The clock by which bans end; the same without it. */
  readonly deadlines?: () => number;
}

/** Runs the writer over these batches; its clock stands at the number of the batch, from 1. */
export async function run(...batches: Event[][]): Promise<void> {
  await runIn({}, ...batches);
}

/** The same, in a chat of another kind. What takes time is done before the next batch. */
export async function runIn(setup: Setup, ...batches: Event[][]): Promise<void> {
  let batch = 0;
  const history = setup.history ?? new TestHistory();
  const jobs: Promise<Event>[] = [];
  const connections = new Connections();
  async function* feed() {
    for (const events of batches) {
      batch++;
      connect(connections, events);
      for (const event of events) history.next = COUPS.get(event) ?? history.next;
      yield setup.opens === undefined ? events : events.map(asked);
      while (jobs.length > 0) yield await Promise.all(jobs.splice(0));
    }
  }
  await write({
    ...usual({ ...setup, history }),
    batches: feed(),
    connections,
    clock: () => {
      const at = setup.clock?.(batch) ?? batch;
      return { at, dueAt: setup.deadlines?.() ?? at };
    },
    startJob: (order) => void jobs.push(conclude({ ...setup, history }, order)),
  });
}

/** Runs the writer over a queue. */
export async function runQueue(
  queue: Queue<Event>,
  { opens, connections = new Connections() }: Pick<Setup, "opens"> & { connections?: Connections },
): Promise<void> {
  const setup = { history: new TestHistory(), opens };
  async function* feed() {
    for await (const events of queue) {
      connect(connections, events);
      yield events;
    }
  }
  await write({
    ...usual(setup),
    batches: feed(),
    connections,
    clock: () => ({ at: 0, dueAt: 0 }),
    startJob: async (order) => {
      await queue.push(await conclude(setup, order));
    },
  });
}

/** The usual options of the writer. */
export function usual({ history = new TestHistory(), audited, ...setup }: Setup) {
  const audit = (entry: AuditEntry) => void audited?.push(entry);
  const chat = {
    replay: 0,
    keepRooms: 30,
    editMinutes: 60,
    maxLine: 1024,
    metrics: createMetrics(),
    now: () => 0,
    mostRecalled: 10_000,
    motd: [],
  };
  return { ...chat, ...setup, history, audit };
}

/** How the server is in tests. */
export const STATUS: Status = {
  ...{ uptime: 3 * 86_400_000, connections: 120, messages: 2.34, deliveries: 278.6 },
  ...{ lag: 4.2, processor: 0.123, memory: 110 * 1024 * 1024 },
  slowest: [
    { name: "carol", remote: "10.1.2.3:5000", pending: 200 * 1024, quiet: 3100 },
    { name: "", remote: "10.1.2.4:5000", pending: 900, quiet: 250 },
  ],
};

/** What comes back for a job, with hashes that anyone can read. */
export async function conclude(
  { history, opens }: Setup & { history: History },
  { connection: id, job, answers, isAwaited }: JobOrder,
): Promise<Event> {
  const back = (result: JobResult): Event => ({
    ...{ kind: "job done", id, result },
    ...{ answers, isAwaited },
  });
  if (job.kind === "search") {
    return back({ kind: "found", ...await history.search(job.search) });
  }
  if (job.kind === "enter") {
    return back({ kind: "entered", isRight: opens?.(job.password) === true });
  }
  if (job.kind === "status") return back({ kind: "status", status: STATUS });
  if (job.kind === "hand over") return back({ ...job, kind: "handed over" });
  const { name, password } = job;
  if (job.kind === "hash") return back({ kind: "hashed", name, hash: `hash of ${password}` });
  const { account, hash } = job;
  const isRight = hash === `hash of ${password}`;
  if (job.kind === "verify") return back({ kind: "verified", name, account, hash, isRight });
  const next = isRight ? `hash of ${job.next}` : undefined;
  return back({ kind: "changed", name, account, hash, next });
}

/** A history in memory that another program may change. */
export class TestHistory extends MemoryHistory {
  next: Changeable | undefined;

  override changed(): Changeable | undefined {
    const kept = this.next;
    this.next = undefined;
    return kept;
  }
}

const COUPS = new WeakMap<Event, Changeable>();

/** A tick at which another program has made an account an operator's. */
export function promotes(name: string, id = 1): Event {
  const account = { id, name, key: nameKey(name), hash: "hash of password", isOperator: true };
  return changed({ ...TICK }, account);
}

/** The event, before which another program has changed the accounts to these. */
export function changed(event: Event, ...accounts: Changeable["accounts"]): Event {
  COUPS.set(event, {
    bans: [],
    lastAccount: Math.max(...accounts.map(({ id }) => id)),
    accounts,
  });
  return event;
}

/** Batches in which somebody registers a name. */
export function registers(person: Person, name: string): Event[][] {
  return [person.types(`/nick ${name}`, "/register password")];
}

/** Batches in which alice, who comes first, becomes an operator. */
export function crowned(alice: Person): Event[][] {
  return [...registers(alice, "alice"), [promotes("alice")]];
}
