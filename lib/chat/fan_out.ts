// The fan-out: runs the effects of a batch, in order, once its records are kept. It knows which connections are
// sent what a room is sent, encodes once for all that share an encoder, and never waits for a socket.

import { change, Connections, type LocalConnection, wants } from "./connections.ts";
import type { Chunk, Delivery, Encoder } from "./delivery.ts";
import type { AuditEntry, Effect, JobOrder, PageOrder } from "./effects.ts";
import type { History } from "./history.ts";
import { readPage, unreadable } from "./history_page.ts";
import { counter, counters, histogram, type Metrics } from "../metrics.ts";
import type { Message, RoomTag } from "./message.ts";
import { plural } from "../std/plural.ts";

/** What each connection was sent counts once for each of them. */
export const DELIVERIES = counters({
  name: "bobchat_deliveries_total",
  help: "What was handed to connections to be sent: messages, and everything else.",
  label: "kind",
  values: ["message", "other"],
});
/** Messages times their hearers: what was handed over, and what was withheld. */
export const HEARERS = counter(
  "bobchat_message_hearers_total",
  "Connections that a message was to go to: each message counts once for each of them.",
);
/** What hearers were not handed, by why. */
export const WITHHELD = counters({
  name: "bobchat_withheld_messages_total",
  help:
    "Messages that were not handed to one of their hearers: of somebody ignored; its own, with /echo off; of a " +
    "kind that its protocol does not have; or because it had ended.",
  label: "reason",
  values: ["ignored", "echo", "protocol", "ended"],
});
const FAN_OUT = histogram({
  name: "bobchat_fan_out_seconds",
  help: "Time to encode what a batch has caused, and to hand it to the connections.",
  bounds: [0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1],
});
/** Texts that were refused for their length. */
export const OVERSIZE = counter(
  "bobchat_oversize_texts_total",
  "Texts that were refused because they were longer than --max-line.",
);

const MESSAGES: ReadonlySet<Delivery["kind"]> = new Set(["message", "action", "private"]);

const NOBODY: ReadonlySet<LocalConnection> = new Set();

/** Most messages that "you missed" counts. */
const MISSED = 1000;

/** Options of the fan-out. */
export interface FanOutOptions {
  readonly connections: Connections;
  readonly history: History;
  /** Most bytes of a message. */
  readonly maxLine: number;
  /** For how many minutes people may change their messages; 0: never. */
  readonly editMinutes: number;
  /** Most characters of earlier messages in one page. */
  readonly mostRecalled: number;
  /** Starts a job; its result comes back as an event. */
  readonly startJob: (order: JobOrder) => void;
  /** Logs what an operator did. */
  readonly audit: (entry: AuditEntry) => void;
  readonly metrics: Metrics;
  /** Milliseconds, from any clock that never goes back. */
  readonly now: () => number;
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
    if (effects.length === 0) return;
    const { metrics, now } = this.#options;
    const begun = now();
    this.#runAll(effects, at);
    metrics.observe(FAN_OUT, (now() - begun) / 1000);
  }

  #runAll(effects: readonly Effect[], at: number): void {
    for (const effect of effects) {
      switch (effect.kind) {
        case "room":
          this.#sendRoom(this.#hearers.get(effect.room) ?? NOBODY, effect.deliveries);
          break;
        case "everyone":
          this.#send(this.#options.connections.here(), effect.deliveries);
          break;
        case "audit":
          this.#options.audit(effect.entry);
          break;
        default: {
          const connection = this.#options.connections.get(effect.connection);
          if (connection !== undefined) this.#runOn(connection, effect, at);
          else if (effect.kind === "connection") this.#noteEnded(effect.deliveries);
        }
      }
    }
  }

  #runOn(connection: LocalConnection, effect: OnConnection, at: number): void {
    const { encoder, outbox } = connection;
    switch (effect.kind) {
      case "connection":
        this.#options.metrics.add(HEARERS, countMessages(effect.deliveries));
        return this.#send([connection], effect.deliveries, effect.isAnswer);
      case "recall":
        return this.#sendPage(connection, effect, at);
      case "missed": {
        const { history } = this.#options;
        const { after, room } = effect;
        const missed = history.countAfter(after, { room: room.id, most: MISSED });
        if (missed === 0) return;
        const count = missed >= MISSED ? `${MISSED} messages or more` : plural(missed, "message");
        const text = `You missed ${count} in #${room.name}: see /history ${missed}`;
        return this.#send([connection], [{ kind: "notice", text, at }], true);
      }
      case "welcome": {
        const { name } = effect, { token } = connection, { maxLine, editMinutes } = this.#options;
        const chunk = encoder.encode([
          { kind: "state", what: "welcome", name, token, maxLine, editMinutes },
        ]);
        if (chunk !== undefined) outbox.welcome(chunk);
        return;
      }
      case "named":
        connection.member = effect.member;
        return outbox.named(effect.name, effect.member);
      case "ignore":
        return change(connection, { ids: effect.ids });
      case "echo":
        return change(connection, { isEcholess: !effect.isOn });
      case "reply":
        return outbox.write(effect.chunk, true);
      case "answered":
        return outbox.answered();
      case "oversize":
        return this.#options.metrics.add(OVERSIZE);
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
    this.#send([connection], deliveries, true);
  }

  /** Sends what a room is sent. */
  #sendRoom(hearers: ReadonlySet<LocalConnection>, deliveries: readonly Delivery[]): void {
    this.#options.metrics.add(HEARERS, countMessages(deliveries) * hearers.size);
    this.#send(hearers, deliveries);
  }

  /** Counts messages for a connection that has ended since. */
  #noteEnded(deliveries: readonly Delivery[]): void {
    const { metrics } = this.#options, messages = countMessages(deliveries);
    metrics.add(HEARERS, messages);
    metrics.add(WITHHELD.ended, messages);
  }

  /** Encodes once for each encoder; outboxes share the bytes, except where a connection filters some out. */
  #send(
    connections: Iterable<LocalConnection>,
    deliveries: readonly Delivery[],
    isAnswer = false,
  ): void {
    const chunks = new Map<Encoder, Chunk | undefined>();
    const messages = countMessages(deliveries);
    let sentMessages = 0, sentOthers = 0;
    for (const connection of connections) {
      const { encoder, outbox } = connection;
      let chunk: Chunk | undefined, wanted = deliveries, count = messages;
      if (
        connection.hearing !== undefined && !deliveries.every((each) => wants(connection, each))
      ) {
        wanted = deliveries.filter((each) => wants(connection, each));
        count = countMessages(wanted);
        this.#noteUnwanted(connection, deliveries);
        chunk = encoder.encode(wanted);
      } else {
        chunk = chunks.get(encoder);
        if (chunk === undefined && !chunks.has(encoder)) {
          chunks.set(encoder, chunk = encoder.encode(deliveries));
        }
      }
      if (chunk === undefined) {
        this.#options.metrics.add(WITHHELD.protocol, count);
        continue;
      }
      outbox.write(chunk, isAnswer);
      sentMessages += count;
      sentOthers += wanted.length - count;
    }
    const { metrics } = this.#options;
    metrics.add(DELIVERIES.message, sentMessages);
    metrics.add(DELIVERIES.other, sentOthers);
  }

  /** Counts the messages that a connection does not want. */
  #noteUnwanted(connection: LocalConnection, deliveries: readonly Delivery[]): void {
    for (const each of deliveries) {
      if (!isMessage(each) || wants(connection, each)) continue;
      const isOwn = each.by.member === connection.member;
      this.#options.metrics.add(isOwn ? WITHHELD.echo : WITHHELD.ignored);
    }
  }
}

/** How many deliveries are messages of somebody. */
function countMessages(deliveries: readonly Delivery[]): number {
  return deliveries.reduce((count, { kind }) => MESSAGES.has(kind) ? count + 1 : count, 0);
}

function isMessage(delivery: Delivery): delivery is Message {
  return MESSAGES.has(delivery.kind);
}
