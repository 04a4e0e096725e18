// A network without NATS: nodes that each have their own writer, and one stream between them that a test holds.

import type { Batch, Cluster } from "../../../lib/chat/batch.ts";
import { Chat } from "../../../lib/chat/chat.ts";
import { Connections } from "../../../lib/chat/connections.ts";
import type { JobOrder } from "../../../lib/chat/effects.ts";
import type { Envelope } from "../../../lib/chat/envelope.ts";
import type { Event, SharedEvent } from "../../../lib/chat/event.ts";
import type { Record } from "../../../lib/chat/history.ts";
import { NODE_SPAN, RULES } from "../../../lib/chat/node.ts";
import { Scope } from "../../../lib/chat/scope.ts";
import { type Snapshot, takeSnapshot } from "../../../lib/chat/snapshot.ts";
import { writeOnNode } from "../../../lib/chat/writer.ts";
import { conclude, connect, Person, Plain, type Setup, TestHistory, usual } from "./people.ts";

/** A history that notes up to where in the stream it was given records. */
export class SequenceHistory extends TestHistory {
  readonly commits: (number | undefined)[] = [];

  override commit(records: readonly Record[], sequence?: number): void {
    this.commits.push(sequence);
    super.commit(records);
  }
}

/** The stream, and the nodes that it goes to. */
export class Network {
  readonly nodes: Node[] = [];
  readonly envelopes: Envelope[] = [];
  /** The time of the stream. */
  at = 10_000;
  #sequence = 0;

  /** The state with which a network begins. */
  static get start(): Snapshot {
    return takeSnapshot(
      new Chat({ lasts: true, replay: 0, keepRooms: 30, editMinutes: 60, motd: [] }),
    );
  }

  /** Starts a node that begins with the state of another, or with nothing. */
  async start(setup: Setup & { knows?: number } = {}): Promise<Node> {
    const [first] = this.nodes.filter(({ isFrozen }) => !isFrozen);
    const start = first === undefined ? Network.start : takeSnapshot(first.chat);
    const name = `node-${String.fromCharCode(97 + this.nodes.length)}`;
    const node = new Node(this, { ...setup, name, start: JSON.parse(JSON.stringify(start)) });
    this.nodes.push(node);
    const came = { kind: "node came", uuid: node.uuid, name, knows: setup.knows ?? RULES } as const;
    await this.deliver({ rules: RULES, node: 0, epoch: 1, counter: 1, events: [came] });
    return node;
  }

  /** Has the stream bring an envelope, to its sender with its local requests. */
  async deliver(envelope: Envelope, own?: { node: Node; batch: Batch }): Promise<void> {
    this.envelopes.push(envelope);
    const sequence = ++this.#sequence, { at } = this;
    const carried: Envelope = JSON.parse(JSON.stringify(envelope));
    await Promise.all(this.nodes.map((node) =>
      node.take({
        ...(node === own?.node ? own.batch : { events: carried.events }),
        ...{ envelope: carried, sequence, at },
      })
    ));
  }

  /** Stops all nodes. */
  async [Symbol.asyncDispose](): Promise<void> {
    for (const node of this.nodes) await node.stop();
  }
}

/** A node, as lib/cluster has it. */
export class Node implements Cluster {
  readonly uuid: string = crypto.randomUUID();
  readonly start: Snapshot;
  readonly name: string;
  readonly connections = new Connections();
  readonly history: TestHistory;
  /** The writer; it rejects if the node cannot go on. */
  readonly written: Promise<void>;
  /** What it was told of each batch: whether it counted. */
  readonly told: boolean[] = [];
  /** What the writer had it publish. */
  readonly published: SharedEvent[] = [];
  isFrozen = false;
  epoch = 1;
  counter = 1;
  chat!: Chat;
  readonly #network: Network;
  readonly #scope = new Scope();
  readonly #jobs: Promise<Event>[] = [];
  readonly #late: Batch[] = [];
  #waiting: Batch[] = [];
  #wake: (() => void) | undefined;
  #folded: (() => void) | undefined;
  #isOver = false;
  #people = 0;

  constructor(network: Network, setup: Setup & { name: string; start: Snapshot }) {
    this.#network = network;
    this.start = setup.start;
    this.name = setup.name;
    const history = this.history = setup.history ?? new SequenceHistory();
    this.written = writeOnNode({
      ...usual({ ...setup, history }),
      batches: this.#batches(),
      connections: this.connections,
      clock: () => ({ at: 1, dueAt: 1 }),
      startJob: (order: JobOrder) => void this.#jobs.push(conclude({ ...setup, history }, order)),
      cluster: this,
    });
    this.written.catch(() => this.#folded?.());
  }

  /** Its number. */
  get id(): number {
    return this.chat.nodes.ofProcess(this.uuid)?.id ?? 0;
  }

  /** Somebody who will join on it. */
  person(): Person {
    return new Person(this.id * NODE_SPAN + ++this.#people, new Plain());
  }

  started(chat: Chat): void {
    this.chat = chat;
  }

  folded(_chat: Chat, _batch: Batch, isAccepted: boolean): void {
    this.told.push(isAccepted);
    const done = this.#folded;
    this.#folded = undefined;
    done?.();
  }

  publish(event: SharedEvent): void {
    this.published.push(event);
  }

  /** Sends events of its readers, and what comes of them. */
  async send(...events: Event[]): Promise<void> {
    connect(this.connections, events);
    const local = new Set(events.filter((event) => !this.#scope.isShared(this.chat, event)));
    const shared = events.filter((event) => !local.has(event)) as SharedEvent[];
    const { id: node, epoch } = this;
    const envelope = { rules: RULES, node, epoch, counter: ++this.counter, events: shared };
    await this.#network.deliver(envelope, { node: this, batch: { events, local } });
    while (this.#jobs.length > 0) await this.send(...await Promise.all(this.#jobs.splice(0)));
  }

  /** Sends what the writer had it publish; with a `node back` it begins its next epoch. */
  async sendPublished(): Promise<void> {
    const events = this.published.splice(0);
    const [first] = events;
    if (first?.kind === "node back") {
      this.epoch = first.epoch;
      this.counter = 0;
    }
    await this.send(...events);
  }

  /** Has its writer handle a batch that is of no envelope. */
  async local(...events: Event[]): Promise<void> {
    await this.take({ events });
  }

  /** Takes a batch, and waits until it has been handled; once frozen, it keeps it for later. */
  async take(batch: Batch): Promise<void> {
    if (this.#isOver) return;
    if (this.isFrozen) return void this.#late.push(batch);
    const folded = new Promise<void>((resolve) => this.#folded = resolve);
    this.#waiting.push(batch);
    this.#wake?.();
    await folded;
  }

  /** Goes on after it was frozen. */
  async thaw(): Promise<void> {
    this.isFrozen = false;
    for (const batch of this.#late.splice(0)) await this.take(batch);
  }

  /** Ends its batches, and waits for the writer. */
  async stop(): Promise<void> {
    this.#isOver = true;
    this.#wake?.();
    await this.written.catch(() => undefined);
  }

  async *#batches(): AsyncGenerator<Batch> {
    for (;;) {
      const batch = this.#waiting.shift();
      if (batch !== undefined) yield batch;
      else if (this.#isOver) return;
      else await new Promise<void>((resolve) => this.#wake = resolve);
    }
  }
}
