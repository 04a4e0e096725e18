// This bobchat as a node of the network: its hello and its number, what it proposes about the others and the
// rules, its own envelopes as they come back, and its goodbye.

import type { Batch } from "../chat/batch.ts";
import type { Envelope } from "../chat/envelope.ts";
import type { SharedEvent } from "../chat/event.ts";
import type { NodeId } from "../chat/node.ts";
import { StartError } from "../errors.ts";
import { log } from "../log.ts";
import type { Alarms } from "./alarms.ts";
import { type KnownNode, Membership } from "./membership.ts";
import type { Outgoing, Own } from "./outgoing.ts";

/** Options of the node. */
export interface OwnNodeOptions {
  /** What identifies this bobchat; random for each process. */
  readonly uuid: string;
  /** What people call this bobchat. */
  readonly name: string;
  /** The newest rules that it can fold. */
  readonly knows: number;
  readonly outgoing: Outgoing;
  readonly alarms: Alarms;
}

/** What must be known of the state that the writer has folded: of the chat. */
export interface View {
  /** The rules in force. */
  readonly rules: number;
  readonly nodes: {
    all(): Iterable<KnownNode>;
    /** The newest rules that all nodes which are here know; `least` if there are none. */
    common(least: number): number;
  };
}

/** What is wrong when an own envelope that was stored is not in the stream. */
const MISSING =
  "the stream has lost something that this bobchat had stored in it, as after a power cut of NATS: start this " +
  "bobchat again";

/** One of the nodes: this one. */
export class OwnNode {
  /** Its number, once it is one of the others; rejects with a `StartError` if that fails. */
  readonly ready: Promise<NodeId>;
  readonly #options: OwnNodeOptions;
  readonly #membership = new Membership();
  readonly #ready = Promise.withResolvers<NodeId>();
  #rules: number;
  /** The newest rules that it has proposed. */
  #proposed = 0;
  #hasSaidHello = false;
  #hasSaidGoodbye = false;

  constructor(options: OwnNodeOptions) {
    this.#options = options;
    this.#rules = options.knows;
    this.ready = this.#ready.promise;
    // Whoever asks for it later is still told.
    this.ready.catch(() => undefined);
  }

  /** The rules in force, as far as it knows. */
  get rules(): number {
    return this.#rules;
  }

  /** Whether it is one of the others. */
  get isReady(): boolean {
    return this.#options.outgoing.node !== 0;
  }

  /** Whether its goodbye has come back, and with it all that it had sent. */
  get hasLeft(): boolean {
    return this.#hasSaidGoodbye && this.#options.outgoing.isEmpty;
  }

  /** Asks for its number, once. */
  sayHello(): void {
    if (this.#hasSaidHello) return;
    this.#hasSaidHello = true;
    const { uuid, name, knows, outgoing } = this.#options;
    outgoing.sayHello({ kind: "node came", uuid, name, knows });
  }

  /** Leaves the others. */
  sayGoodbye(): void {
    this.#hasSaidGoodbye = true;
    this.publish({ kind: "node left", node: this.#options.outgoing.node });
  }

  /** It cannot become one of the others. */
  fail(sentence: string): void {
    this.#ready.reject(new StartError(sentence));
  }

  /** Publishes an event that this bobchat makes itself. */
  publish(event: SharedEvent): void {
    const { outgoing } = this.#options;
    if (event.kind === "node back") outgoing.rejoin(event, event.epoch);
    else outgoing.append(event);
  }

  /** What it had sent in this envelope; undefined if that is another's, or a double. */
  arrived(envelope: Envelope): Own | undefined {
    if (!this.#isOwn(envelope)) return undefined;
    const own = this.#options.outgoing.arrived(envelope);
    if (own === "not the next") this.#options.alarms.raise("lost", MISSING);
    return typeof own === "string" ? undefined : own;
  }

  /** To be called by the writer after each batch, with the state after it. */
  folded({ rules, nodes }: View, { envelope, at }: Batch, isAccepted: boolean): void {
    if (envelope === undefined || at === undefined) return;
    const { outgoing, alarms } = this.#options;
    this.#rules = rules;
    if (isAccepted) this.#membership.heard(envelope.node, at);
    if (!this.#isOwn(envelope)) return;
    if (!this.isReady) this.#join(nodes.all());
    // Nothing but the end of an epoch keeps an own envelope from counting.
    const isLost = outgoing.folded({ isAccepted }) && envelope.epoch === outgoing.epoch;
    if (isLost) alarms.raise("lost", MISSING);
    for (
      const { id, epoch, counter } of this.#membership.ownCame(at, outgoing.node, nodes.all())
    ) {
      log.warn("node {node} has been silent for too long: proposing that it is gone", { node: id });
      this.publish({ kind: "node gone", node: id, epoch, counter });
    }
    const common = nodes.common(rules);
    if (common > Math.max(rules, this.#proposed)) {
      this.#proposed = common;
      this.publish({ kind: "rules", rules: common });
    }
  }

  #isOwn({ node, events: [first] }: Envelope): boolean {
    const { uuid, outgoing } = this.#options;
    if (node !== 0) return node === outgoing.node;
    return first !== undefined && "uuid" in first && first.uuid === uuid;
  }

  #join(nodes: Iterable<KnownNode>): void {
    const { uuid, outgoing } = this.#options;
    const own = Iterator.from(nodes).find((node) => node.uuid === uuid);
    if (own === undefined) {
      return this.fail("the network did not take this bobchat: it is of a version too old for it");
    }
    outgoing.join(own.id);
    this.#ready.resolve(own.id);
  }
}
