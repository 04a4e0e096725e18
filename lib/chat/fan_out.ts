// The fan-out: runs the effects of a batch, in order, once its records are kept. It knows which connections are
// sent what a room is sent, encodes once for all that share an encoder, and never waits for a socket.

import { change, Connections, type LocalConnection, wants } from "./connections.ts";
import type { Chunk, Delivery, Encoder } from "./delivery.ts";
import type { AuditEntry, Effect, JobOrder, PageOrder } from "./effects.ts";
import type { History } from "./history.ts";
import { readPage, unreadable } from "./history_page.ts";
import type { RoomTag } from "./message.ts";
import { plural } from "../std/plural.ts";

/** Most messages that "you missed" counts. */
const MISSED = 1000;

/** Options of the fan-out. */
export interface FanOutOptions {
  readonly connections: Connections;
  readonly history: History;
  /** Most bytes of a message. */
  readonly maxLine: number;
  /** Most characters of earlier messages in one page. */
  readonly mostRecalled: number;
  /** Starts a job; its result comes back as an event. */
  readonly startJob: (order: JobOrder) => void;
  /** Logs what an operator did. */
  readonly audit: (entry: AuditEntry) => void;
  /** Counts a text that was refused for its length. */
  readonly countOversize: () => void;
}

/** An effect on one connection. */
type OnConnection = Extract<Effect, { connection: number }>;

/** Runs effects. */
export class FanOut {
  readonly #options: FanOutOptions;
  /** The connections that are sent what a room is sent, by the room's number, as of what was fanned out so far. */
  readonly #hearers = new Map<RoomTag["id"], Set<LocalConnection>>();

  constructor(options: FanOutOptions) {
    this.#options = options;
  }

  /** Runs the effects of a batch; `at` is its time, in epoch milliseconds. */
  run(effects: readonly Effect[], at: number): void {
    for (const effect of effects) {
      switch (effect.kind) {
        case "room":
          send(this.#hearers.get(effect.room) ?? [], effect.deliveries);
          break;
        case "everyone":
          send(this.#options.connections.here(), effect.deliveries);
          break;
        case "audit":
          this.#options.audit(effect.entry);
          break;
        default: {
          const connection = this.#options.connections.get(effect.connection);
          if (connection !== undefined) this.#runOn(connection, effect, at);
        }
      }
    }
  }

  #runOn(connection: LocalConnection, effect: OnConnection, at: number): void {
    const { encoder, outbox } = connection;
    switch (effect.kind) {
      case "connection":
        return send([connection], effect.deliveries, effect.isAnswer);
      case "recall":
        return this.#sendPage(connection, effect, at);
      case "missed": {
        const { history } = this.#options;
        const missed = history.missed(effect.account, effect.room.id, MISSED);
        if (missed === 0) return;
        const count = missed >= MISSED ? `${MISSED} messages or more` : plural(missed, "message");
        const text = `You missed ${count} in #${effect.room.name}: see /history ${missed}`;
        return send([connection], [{ kind: "notice", text, at }], true);
      }
      case "welcome": {
        const { name } = effect, { token } = connection, { maxLine } = this.#options;
        const chunk = encoder.encode([{ kind: "state", what: "welcome", name, token, maxLine }]);
        if (chunk !== undefined) outbox.welcome(chunk);
        return;
      }
      case "named":
        connection.member = effect.member;
        return outbox.named(effect.name);
      case "ignore":
        return change(connection, { ids: effect.ids });
      case "echo":
        return change(connection, { isEcholess: !effect.isOn });
      case "reply":
        return outbox.write(effect.chunk, true);
      case "answered":
        return outbox.answered();
      case "oversize":
        return this.#options.countOversize();
      case "enter":
        return this.#enter(connection, effect.room);
      case "exit":
        return this.#exit(connection, effect.room);
      case "job":
        return this.#options.startJob(effect);
      case "end":
        this.#options.connections.remove(effect.connection);
        return outbox.end(effect.why);
    }
  }

  #enter(connection: LocalConnection, room: RoomTag["id"]): void {
    const hearers = this.#hearers.get(room);
    if (hearers === undefined) this.#hearers.set(room, new Set([connection]));
    else hearers.add(connection);
  }

  #exit(connection: LocalConnection, room: RoomTag["id"]): void {
    const hearers = this.#hearers.get(room);
    if (hearers?.delete(connection) && hearers.size === 0) this.#hearers.delete(room);
  }

  #sendPage(connection: LocalConnection, order: PageOrder, at: number): void {
    const { history, mostRecalled: most } = this.#options;
    const deliveries: Delivery[] = [readPage(order, { history, at, most })];
    const { recallTrouble: trouble } = history;
    if (trouble !== undefined) {
      const { answers } = order;
      deliveries.push({ kind: "notice", ...unreadable(trouble), answers, at });
    }
    send([connection], deliveries, true);
  }
}

/** Encodes once for each encoder; outboxes share the bytes, except where a connection filters some out. */
function send(
  connections: Iterable<LocalConnection>,
  deliveries: readonly Delivery[],
  isAnswer = false,
): void {
  const chunks = new Map<Encoder, Chunk | undefined>();
  for (const connection of connections) {
    const { encoder, outbox } = connection;
    let chunk: Chunk | undefined;
    if (
      connection.hearing !== undefined && !deliveries.every((each) => wants(connection, each))
    ) {
      chunk = encoder.encode(deliveries.filter((each) => wants(connection, each)));
    } else {
      chunk = chunks.get(encoder);
      if (chunk === undefined && !chunks.has(encoder)) {
        chunks.set(encoder, chunk = encoder.encode(deliveries));
      }
    }
    if (chunk !== undefined) outbox.write(chunk, isAnswer);
  }
}
