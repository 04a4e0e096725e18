// Effects: what to do because of the events handled. They name connections and rooms by number. They run in
// order, once the whole batch has been handled and kept, so neighbouring deliveries to one room can share an
// encoding.

import type { Chunk, Delivery } from "./delivery.ts";
import type { ConnectionId, MemberId, RoomTag } from "./message.ts";
import type { Job } from "./job.ts";
import type { Recall } from "./history.ts";
import type { Filter, Member } from "./member.ts";

/** What an operator did, for the log. */
export interface AuditEntry {
  readonly who: string;
  readonly did: string;
  readonly whom: string;
  readonly why: string;
}

/** An effect on one connection. */
interface OnConnection {
  readonly connection: ConnectionId;
}

/** A job to start for a connection, and what comes back with its result. */
export interface JobOrder extends OnConnection {
  readonly job: Job;
  /** The client's own number for the request, if it gave one. */
  readonly answers: number | undefined;
  /** Whether the reader waits for the answer. */
  readonly isAwaited: true | undefined;
}

/** A page of history to read once the batch is kept. */
export interface PageOrder extends OnConnection {
  readonly room: RoomTag | undefined;
  readonly wanted: Recall;
  readonly filter: Filter;
  /** The client's own number for the request, if it gave one. */
  readonly answers: number | undefined;
}

/** Deliveries to one connection. */
export interface Sent extends OnConnection {
  readonly deliveries: Delivery[];
  /** Whether the connection asked for it itself. */
  readonly isAnswer: boolean;
}

/** One effect of the fan-out. */
export type Effect =
  | { readonly kind: "room"; readonly room: RoomTag["id"]; readonly deliveries: Delivery[] }
  | { readonly kind: "connection" } & Sent
  /** To all connections of this process whose members are in. */
  | { readonly kind: "everyone"; readonly deliveries: Delivery[] }
  | { readonly kind: "recall" } & PageOrder
  /** Tells how many messages follow the last one that was read in a room; counted once the batch is kept. */
  | { readonly kind: "missed"; readonly after: number; readonly room: RoomTag } & OnConnection
  /** An app has joined, or begins anew: it is told who it is. */
  | { readonly kind: "welcome"; readonly name: string } & OnConnection
  /** A connection's member has this name now. */
  | { readonly kind: "named"; readonly member: MemberId; readonly name: string } & OnConnection
  | { readonly kind: "ignore"; readonly ids: ReadonlySet<MemberId> } & OnConnection
  | { readonly kind: "echo"; readonly isOn: boolean } & OnConnection
  | { readonly kind: "reply"; readonly chunk: Chunk } & OnConnection
  /** Everything caused by one awaited input has been written. */
  | { readonly kind: "answered" } & OnConnection
  | { readonly kind: "enter" | "exit"; readonly room: RoomTag["id"] } & OnConnection
  | { readonly kind: "job" } & JobOrder
  | { readonly kind: "audit"; readonly entry: AuditEntry }
  /** A text was refused for its length. */
  | { readonly kind: "oversize" } & OnConnection
  | { readonly kind: "end"; readonly why: string } & OnConnection;

/** The effects that were not taken yet. */
export class Effects {
  /** The connection whose event is being handled: what it is sent meanwhile is an answer. */
  asker: ConnectionId = 0;
  #effects: Effect[] = [];

  /** Adds an effect. */
  push(effect: Effect): void {
    this.#effects.push(effect);
  }

  /** Adds an effect before the last one. */
  pushBeforeLast(effect: Effect): void {
    this.#effects.splice(-1, 0, effect);
  }

  /** Sends a delivery to everyone in a room. */
  toRoom({ id: room }: RoomTag, delivery: Delivery): void {
    const last = this.#effects.at(-1);
    if (last?.kind === "room" && last.room === room) last.deliveries.push(delivery);
    else this.#effects.push({ kind: "room", room, deliveries: [delivery] });
  }

  /** Sends a delivery to one connection. */
  toConnection(connection: ConnectionId, delivery: Delivery): void {
    const isAnswer = connection === this.asker;
    const last = this.#effects.at(-1);
    const isNext = last?.kind === "connection" && last.connection === connection &&
      last.isAnswer === isAnswer;
    if (isNext) last.deliveries.push(delivery);
    else this.#effects.push({ kind: "connection", connection, deliveries: [delivery], isAnswer });
  }

  /** Sends a delivery to all connections of a member. */
  toAll({ connections }: Member, delivery: Delivery): void {
    for (const { id } of connections) this.toConnection(id, delivery);
  }

  /** Sends a delivery to a member: to the connection that has asked, if it is theirs, or else to all of theirs. */
  toMember({ connections }: Member, delivery: Delivery): void {
    const asker = connections.find(({ id }) => id === this.asker);
    for (const { id } of asker === undefined ? connections : [asker]) {
      this.toConnection(id, delivery);
    }
  }

  /** Does something, and keeps only those of its effects that are wanted. */
  filter(isWanted: (effect: Effect) => boolean, act: () => void): void {
    const before = this.take();
    act();
    this.#effects = [...before, ...this.#effects.filter(isWanted)];
  }

  /** Returns the effects, and forgets them. */
  take(): Effect[] {
    const effects = this.#effects;
    this.#effects = [];
    return effects;
  }
}
