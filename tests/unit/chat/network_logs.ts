// Random logs of a network: envelopes of several nodes, with what people do on them; nodes that come, leave,
// freeze, are taken for gone and come back; and envelopes that are late, doubled, missing or hostile.

import fc from "fast-check";
import type { ChatOptions } from "../../../lib/chat/chat.ts";
import { type Envelope, foldEnvelope } from "../../../lib/chat/envelope.ts";
import type { Change, SharedEvent } from "../../../lib/chat/event.ts";
import { isGuestName, nameKey } from "../../../lib/chat/names.ts";
import { NODE_SPAN, nodeOf, RULES } from "../../../lib/chat/node.ts";
import { isShared } from "../../../lib/chat/scope.ts";
import { type Kind, LogWriter, MOVE, type Move, OPENING, OPTIONS, pick } from "./folds.ts";
import { HOSTILE } from "./hostile.ts";
import { Fold, type LogEvent, printable, type Step, type Timed } from "./logs.ts";

/** An envelope, and the time at which the stream has it. */
export type Sent = readonly [at: number, envelope: Envelope];

/** The envelopes of a network in the order of its stream. All of it is JSON. */
export interface NetworkLog {
  readonly options: ChatOptions;
  /** What the first node began with. */
  readonly begins: Timed;
  readonly events: readonly Sent[];
}

/** What one envelope has led to. */
export interface NetworkStep extends Pick<Step, "effects" | "records"> {
  readonly isAccepted: boolean;
}

/** Folds a network's log. */
export class NetworkFold extends Fold {
  /** The chat of a network that begins. */
  static begin({ options, begins }: NetworkLog): NetworkFold {
    const { chat } = Fold.of({ options });
    const fold = new NetworkFold(chat);
    fold.step(begins);
    return fold;
  }

  /** The same chat, from a snapshot that JSON has carried. */
  override restored(): NetworkFold {
    return new NetworkFold(super.restored().chat);
  }

  /** Folds an envelope. */
  take([at, envelope]: Sent): NetworkStep {
    const isAccepted = foldEnvelope(this.chat, envelope, at);
    return {
      isAccepted,
      effects: this.chat.effects.take(),
      records: this.chat.takeRecords(),
    };
  }
}

/** What happens to nodes, the frequent kinds several times. */
const NODE_KINDS = [
  ...["came", "beat", "beat", "freeze", "freeze", "gone", "gone", "thaw", "thaw", "thaw"] as const,
  ...["left", "again", "again", "missing", "late", "foreign", "foreign", "rules", "hour"] as const,
  ...["spread", "spread", "spread", "spread"] as const,
  ...["outage", "outage", "outage", "instead", "instead", "instead", "instead", "thaw"] as const,
];

type NetworkMove = Move | Omit<Move, "kind"> & { readonly kind: typeof NODE_KINDS[number] };

const NODE_MOVE: fc.Arbitrary<NetworkMove> = fc.record({
  kind: fc.constantFrom(...NODE_KINDS),
  ...{ who: fc.nat(999), what: fc.nat(9999), how: fc.nat(999), text: fc.constant("") },
});
const HOSTILE_EVENT = HOSTILE.map(([, , event]) => event);

/** Random logs of networks. */
export function networkLogs({ moves = 140 } = {}): fc.Arbitrary<NetworkLog> {
  return fc.noBias(fc.record({
    options: OPTIONS.map((options) => ({ ...options, lasts: true })),
    isClassic: fc.nat(15).map((nat) => nat === 15),
    isAsked: fc.nat(5).map((nat) => nat === 5),
    begins: fc.constantFrom([], OPENING, OPENING),
    moves: fc.array(
      fc.oneof(
        { weight: 3, arbitrary: MOVE },
        { weight: 2, arbitrary: NODE_MOVE },
        { weight: 1, arbitrary: HOSTILE_EVENT },
      ),
      { maxLength: moves, size: "max" },
    ),
  })).map(({ options, begins, moves, ...kind }) => {
    const writer = new NetworkWriter(options, kind);
    for (const move of [...begins, ...moves]) {
      if ("who" in move) writer.play(move);
      else writer.smuggle(move);
    }
    return printable({ options, begins: writer.events[0]!, events: writer.sent });
  });
}

/** A node as itself has it. */
interface Sender {
  epoch: number;
  counter: number;
  isFrozen: boolean;
  /** What it has sent while frozen; it arrives once the node is no longer frozen. */
  late: Envelope[];
}

class NetworkWriter extends LogWriter {
  readonly sent: Sent[] = [];
  readonly #senders = new Map<number, Sender>();
  #uuids = 0;

  constructor(options: ChatOptions, kind: Kind) {
    super(options, kind);
    for (let i = 0; i < 2; i++) this.#come(RULES);
  }

  play(move: NetworkMove): void {
    const { who, what, how } = move;
    const ids = [...this.#senders.keys()];
    const id = pick(ids, who) ?? 0, sender = this.#senders.get(id);
    const node = this.fold.chat.nodes.get(id);
    switch (move.kind) {
      case "came":
        if (ids.length < 5) this.#come(how % 8 === 0 ? RULES - 1 : RULES);
        return;
      case "beat":
        return this.#send(id, []);
      case "freeze":
        if (sender !== undefined) sender.isFrozen = true;
        return;
      case "gone": {
        const frozen = ids.filter((each) => this.#senders.get(each)!.isFrozen);
        return this.#propose(pick(frozen, what) ?? id, how % 6 === 5 ? 1 : 0);
      }
      case "outage":
        if (sender === undefined || ids.length < 2) return;
        sender.isFrozen = true;
        return this.#propose(id, 0);
      case "instead":
        return this.#instead({ what, how });
      case "spread":
        return this.#spread({ what, how });
      case "thaw": {
        const frozen = ids.filter((each) => this.#senders.get(each)!.isFrozen);
        return this.#thaw(pick(frozen, what) ?? id, how);
      }
      case "left":
        if (how % 2) this.#send(id, [{ kind: "node left", node: id }]);
        return;
      case "again":
      case "doubled": {
        const [, envelope] = pick(this.sent, how % 2 ? this.sent.length - 1 : what)!;
        return this.#deliver(envelope);
      }
      case "missing":
        return this.#deliver(this.#envelope(id, [], 2));
      case "late":
        return this.#deliver({ ...this.#envelope(id, []), epoch: (node?.epoch ?? 1) - 1 });
      case "foreign":
        return this.#foreign(id, { what, how });
      case "rules":
        return this.#send(id, [{ kind: "rules", rules: RULES + how % 2 }]);
      case "hour":
        this.at += what % 2 ? 3_600_000 : 1_800_000;
        return;
      default:
        return this.make(move as Move);
    }
  }

  /** Sends an event that its node may not send, or that is anything. */
  smuggle(event: SharedEvent): void {
    const ids = [...this.#senders.keys()];
    const own = "id" in event ? { ...event, id: 2 * NODE_SPAN + event.id } : event;
    this.#send(pick(ids, ids.length + event.kind.length) ?? 0, [own]);
  }

  protected override idOf(count: number, how: number): number {
    return (pick([...this.#senders.keys()], how) ?? 1) * NODE_SPAN + count;
  }

  protected override add(event: LogEvent): void {
    const { chat } = this.fold;
    // The first one comes before any node is here.
    if (event.kind === "restored") return void super.add(event);
    if (!isShared(chat, event)) return this.note(this.fold.step([this.at, this.at, event]));
    if (event.kind === "tick") return this.#send(pick([...this.#senders.keys()], this.at) ?? 0, []);
    const node = "id" in event ? nodeOf(event.id) : pick([...this.#senders.keys()], this.at) ?? 0;
    this.#send(node, [event]);
  }

  #come(knows: number): void {
    const uuid = `uuid${++this.#uuids}`;
    const { nodes } = this.fold.chat;
    this.#deliver({
      ...{ rules: RULES, node: 0, epoch: 1, counter: 1 },
      events: [{ kind: "node came", uuid, name: `node-${this.#uuids}`, knows }],
    });
    const node = nodes.ofProcess(uuid);
    if (node === undefined) return;
    this.#senders.set(node.id, { epoch: 1, counter: 1, isFrozen: false, late: [] });
  }

  /** Has another node take a node for gone, by the counter of its last envelope or an earlier one. */
  #propose(id: number, before: number): void {
    const node = this.fold.chat.nodes.get(id);
    if (node === undefined) return;
    const { epoch, counter } = node;
    this.#send(this.#other(id), [
      { kind: "node gone", node: id, epoch, counter: counter - before },
    ]);
  }

  /** A connection becomes one of somebody who is here from another node. */
  #spread({ what, how }: { what: number; how: number }): void {
    const { chat } = this.fold;
    const member = pick([...chat.members.values()].filter(({ name }) => !isGuestName(name)), what);
    if (member === undefined) return;
    const { connections: [first, ...more], name: registered } = member;
    if (member.account === undefined) {
      const result = { kind: "hashed", name: registered, hash: "hash0" } as const;
      this.add({ kind: "job done", id: first!.id, result });
    }
    const nodes = new Set([first!, ...more].map(({ id }) => nodeOf(id)));
    const id = pick([...chat.connections.keys()].filter((each) => !nodes.has(nodeOf(each))), how);
    const { account } = member;
    if (account === undefined || id === undefined) return;
    const { id: number, name, hash } = account;
    const result = { kind: "verified", name, account: number, hash, isRight: true } as const;
    this.add({ kind: "job done", id, result });
  }

  /** Somebody takes the name or account of a person whose node is gone, or keeps them out. */
  #instead({ what, how }: { what: number; how: number }): void {
    const { chat } = this.fold;
    const absent = [...chat.nodes.all()].flatMap(({ gone }) => gone?.people ?? []);
    const person = pick(absent, what), id = pick([...chat.connections.keys()], how);
    if (person === undefined || id === undefined) return;
    const account = chat.accounts.get(person.account ?? 0);
    const { address } = person.connections[0]!;
    const command = (name: string, text: string): LogEvent => ({
      ...{ kind: "typed", id, input: { kind: "command", name, text } },
    });
    const ban = { kind: "ban", subject: nameKey(person.name), shown: person.name } as const;
    const changes: readonly Change[] = [
      { kind: "ban", ban: { ...ban, isAddress: false, why: "", by: "host" } },
      {
        kind: "ban",
        ban: { ...ban, subject: address, shown: address, isAddress: true, why: "", by: "" },
      },
      { kind: "account gone", id: person.account ?? 0 },
    ];
    switch (how % 5) {
      case 0:
        if (account === undefined) return;
        return this.add({
          ...{ kind: "job done", id },
          result: {
            ...{ kind: "verified", name: account.name, account: account.id, hash: account.hash },
            isRight: true,
          },
        });
      case 1:
        this.add(command("join", `#${pick(person.were, what)?.name}`));
        return this.add(command("lock", ""));
      case 2: {
        const change = pick(changes, what);
        return this.add({
          kind: "administered",
          changes: [change],
          lastAccount: chat.accounts.lastId,
        });
      }
      default:
        return this.add(command("nick", person.name));
    }
  }

  /** What a frozen node has sent arrives; if it finds itself gone, it comes back, and sends it again. */
  #thaw(id: number, how: number): void {
    const sender = this.#senders.get(id);
    if (sender === undefined) return;
    const late = sender.late.splice(0);
    sender.isFrozen = false;
    for (const envelope of late) this.#deliver(envelope);
    const node = this.fold.chat.nodes.get(id);
    if (node?.gone === undefined) return;
    sender.epoch = node.epoch;
    sender.counter = 0;
    // A node that does not say that it is back does not count.
    if (how % 8 === 0) return this.#send(id, []);
    this.#send(id, [{ kind: "node back", node: id, epoch: node.epoch }]);
    for (const { events } of late) this.#send(id, events);
  }

  #foreign(id: number, { what, how }: { what: number; how: number }): void {
    const { chat } = this.fold;
    const other = this.#other(id), node = chat.nodes.get(other);
    const theirs = [...chat.connections.keys()].filter((each) => nodeOf(each) !== id);
    const connection = pick(theirs, how) ?? 7;
    const saved = {
      lastMessage: 0,
      lastRoom: 0,
      lastAccount: 0,
      accounts: [],
      bans: [],
      rooms: [],
      visits: [],
      waiting: [],
    };
    const join = { kind: "join", id: 7, speaks: "lines", address: "10.1.2.3" } as const;
    const events: SharedEvent[] = [
      { kind: "leave", id: connection, why: "foreign" },
      { kind: "typed", id: connection, input: { kind: "text", text: "foreign" } },
      { kind: "moved", id: connection, address: "10.9.9.9" },
      { kind: "node left", node: other },
      { kind: "node back", node: other, epoch: node?.epoch ?? 1 },
      { kind: "node back", node: id, epoch: chat.nodes.get(id)?.epoch ?? 1 },
      { kind: "restored", saved },
      { kind: "tick", isSure: true },
      { ...join, isPrivate: false, isAsked: false, maxLine: 64, announceIn: 0, maxDevices: 9 },
    ];
    this.#send(id, [pick(events, what), pick(events, what + 4)]);
  }

  #other(id: number): number {
    return [...this.#senders.keys()].find((each) =>
      each !== id && !this.#senders.get(each)!.isFrozen
    ) ?? id;
  }

  /** Sends an envelope as its node would. */
  #send(id: number, events: readonly SharedEvent[]): void {
    const sender = this.#senders.get(id);
    if (sender === undefined) return;
    const envelope = this.#envelope(id, events);
    sender.counter++;
    if (sender.isFrozen) sender.late.push(envelope);
    else this.#deliver(envelope);
    if (this.fold.chat.nodes.get(id) === undefined) this.#senders.delete(id);
  }

  #envelope(node: number, events: readonly SharedEvent[], step = 1): Envelope {
    const { epoch, counter } = this.#senders.get(node) ?? { epoch: 1, counter: 0 };
    return { rules: RULES, node, epoch, counter: counter + step, events };
  }

  #deliver(envelope: Envelope): void {
    this.sent.push([this.at, envelope]);
    foldEnvelope(this.fold.chat, envelope, this.at);
    this.note({
      effects: this.fold.chat.effects.take(),
      records: this.fold.chat.takeRecords(),
    });
  }
}
