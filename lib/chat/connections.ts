// What belongs to the connections of this process, beside the fold and by their numbers: where their bytes go,
// and what they have begun. The intake adds a connection before its join is queued.

import type { Delivery, Encoder, Outbox } from "./delivery.ts";
import type { JobDone } from "./event.ts";
import { isWaitedFor } from "./job.ts";
import type { ConnectionId, MemberId } from "./message.ts";

/** Where a connection's deliveries go. */
export interface Carrier {
  readonly encoder: Encoder;
  readonly outbox: Outbox;
  /** The token by which its app may come back. */
  readonly token?: string;
}

/** A connection of this process. */
export interface LocalConnection extends Carrier {
  readonly id: ConnectionId;
  /** Whose it is; 0 before it has joined. */
  member: MemberId;
  /** What it is not sent, as of what was fanned out so far. */
  hearing: Hearing | undefined;
  /** Whether a job is under way: one at a time. */
  isWaiting: boolean;
  /** Whether it was told that others can read its password on the way. */
  isWarned: boolean;
}

/** What a connection is not sent. */
export interface Hearing {
  /** Whether its own messages are not sent back to it; those of its member's other connections are. */
  readonly isEcholess: boolean;
  /** The members that its member ignores. */
  readonly ids: ReadonlySet<MemberId>;
}

const NOBODY: ReadonlySet<MemberId> = new Set();

/** The connections of this process. */
export class Connections {
  readonly #byId = new Map<ConnectionId, LocalConnection>();

  /** Adds a connection. */
  add(id: ConnectionId, { encoder, outbox, token }: Carrier): void {
    this.#byId.set(id, {
      ...{ id, encoder, outbox, token, member: 0, hearing: undefined },
      ...{ isWaiting: false, isWarned: false },
    });
  }

  /** The connection with this number, if it is open and of this process. */
  get(id: ConnectionId): LocalConnection | undefined {
    return this.#byId.get(id);
  }

  /** The numbers of all that are open. */
  ids(): Iterable<ConnectionId> {
    return this.#byId.keys();
  }

  /** Those whose members are in. */
  here(): Iterable<LocalConnection> {
    return this.#byId.values().filter(({ member }) => member !== 0);
  }

  /** Notes that the job of a connection is done: it may start another. */
  noteDone({ id, result }: JobDone): void {
    const connection = this.#byId.get(id);
    if (connection !== undefined && isWaitedFor(result)) connection.isWaiting = false;
  }

  /** Forgets a connection. */
  remove(id: ConnectionId): void {
    this.#byId.delete(id);
  }
}

/** Changes what a connection is not sent. */
export function change(connection: LocalConnection, part: Partial<Hearing>): void {
  const { isEcholess, ids } = { isEcholess: false, ids: NOBODY, ...connection.hearing, ...part };
  // Most connections are sent everything, and are not looked at any closer.
  connection.hearing = isEcholess || ids.size > 0 ? { isEcholess, ids } : undefined;
}

/** Whether a connection is sent this: no messages of people its member ignores, nor its own without echo. */
export function wants({ id, member, hearing }: LocalConnection, delivery: Delivery): boolean {
  if (hearing === undefined || !("by" in delivery)) return true;
  // Only a message has an author: what else is told of a member is no echo.
  if (typeof delivery.by === "object") {
    const { member: by } = delivery.by;
    if (by !== member) return !hearing.ids.has(by);
    return !hearing.isEcholess || !("via" in delivery) || delivery.via !== id;
  }
  const { by } = delivery;
  if (by === member) return true;
  return by === undefined || !hearing.ids.has(by);
}
