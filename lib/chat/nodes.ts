// The nodes of a network, as the events so far have them: membership.ts changes them.

import type { Asked } from "./admission.ts";
import type { MemberState } from "./member_state.ts";
import type { MemberId, RoomTag } from "./message.ts";
import type { NodeId } from "./node.ts";

/** A node. */
export interface Node {
  readonly id: NodeId;
  /** Its process, by a random number. */
  readonly uuid: string;
  readonly name: string;
  /** The newest rules that it can fold events by. */
  readonly knows: number;
  /** The epoch of the envelopes that count, and the counter of the last one: see envelope.ts. */
  epoch: number;
  counter: number;
  /** What it had when it was taken for gone; undefined while it is here. */
  gone: Gone | undefined;
}

/** What a node had when it was taken for gone, which it gets back if it was not. */
export interface Gone {
  /** Epoch milliseconds. */
  readonly since: number;
  people: readonly Absent[];
  readonly asked: readonly Asked[];
}

/** A member who may come back, and the rooms as they were then. */
export interface Absent extends MemberState {
  readonly were: readonly (RoomTag & { readonly isLocked: boolean })[];
  /** The number of the last message then. */
  readonly lastMessage: number;
  /** Why its connections end when they are back, if an operator has ended it meanwhile. */
  readonly dismissed?: string;
}

/** The same as plain data. */
export interface NodesState {
  readonly lastId: NodeId;
  readonly nodes: readonly Node[];
}

/** All nodes, those that are gone and may come back included. */
export class Nodes {
  readonly #byId = new Map<NodeId, Node>();
  /** The highest number given so far. */
  #lastId: NodeId = 0;

  /** Whether this is a network; a bobchat on its own has no nodes. */
  get isNetwork(): boolean {
    return this.#lastId > 0;
  }

  /** Every node. */
  all(): Iterable<Node> {
    return this.#byId.values();
  }

  /** How many are here. */
  get here(): number {
    return this.#byId.values().filter(({ gone }) => gone === undefined).toArray().length;
  }

  /** The node with that number. */
  get(id: NodeId): Node | undefined {
    return this.#byId.get(id);
  }

  /** The node that is this process. */
  ofProcess(uuid: string): Node | undefined {
    return this.#byId.values().find((node) => node.uuid === uuid);
  }

  /** The number that the next node gets. */
  next(): NodeId {
    return ++this.#lastId;
  }

  /** Adds a node. */
  add(node: Node): void {
    this.#byId.set(node.id, node);
  }

  /** Forgets a node. */
  remove(id: NodeId): void {
    this.#byId.delete(id);
  }

  /** The newest rules that all nodes which are here know; `least` if there are none. */
  common(least: number): number {
    const here = this.#byId.values().filter(({ gone }) => gone === undefined);
    const known = here.map(({ knows }) => knows).toArray();
    return known.length === 0 ? least : Math.min(...known);
  }

  /** Whether connections of this member may come back. */
  awaits(id: MemberId): boolean {
    return this.#gone().some(({ people }) => people.some((each) => each.id === id));
  }

  /** An operator has ended a member: its connections that may come back end, too. */
  dismiss(id: MemberId, dismissed: string): void {
    for (const gone of this.#gone()) {
      gone.people = gone.people.map((each) => each.id === id ? { ...each, dismissed } : each);
    }
  }

  /** Whether somebody who may come back was in a room. */
  hold({ id }: RoomTag): boolean {
    return this.#gone().some(({ people }) => people.some(({ rooms }) => rooms.includes(id)));
  }

  #gone(): Gone[] {
    return [...this.#byId.values()].flatMap(({ gone }) => gone ?? []);
  }

  /** The nodes as plain data. */
  state(): NodesState {
    return {
      lastId: this.#lastId,
      nodes: Array.from(this.#byId.values(), copy),
    };
  }

  /** Takes over nodes. */
  restore({ lastId, nodes }: NodesState): void {
    this.#lastId = lastId;
    for (const node of nodes) this.add(copy(node));
  }
}

function copy(node: Node): Node {
  return { ...node, gone: node.gone && { ...node.gone } };
}
