// Logs of events: how one is folded, event by event, and how one is printed so that a test can take it.

import fc from "fast-check";
import { answer } from "../../../lib/chat/answer.ts";
import { Chat, type ChatOptions } from "../../../lib/chat/chat.ts";
import type { LocalConnection } from "../../../lib/chat/connections.ts";
import type { Effect } from "../../../lib/chat/effects.ts";
import type { LocalRequest, SharedEvent, Time } from "../../../lib/chat/event.ts";
import { fold } from "../../../lib/chat/fold.ts";
import type { Record } from "../../../lib/chat/history.ts";
import { isShared } from "../../../lib/chat/scope.ts";
import { restoreSnapshot, takeSnapshot } from "../../../lib/chat/snapshot.ts";

/** An event of a connection, of the time, or of what is on disk. */
export type LogEvent = SharedEvent | LocalRequest;

/** An event with its time. */
export type Timed<E = LogEvent> = readonly [at: Time["at"], dueAt: Time["dueAt"], event: E];

/** Events in their order, and the options of the chat that folds them. All of it is JSON. */
export interface Log {
  readonly options: ChatOptions;
  readonly events: readonly Timed[];
}

/** What one event has led to. */
export interface Step {
  readonly isShared: boolean;
  readonly effects: readonly Effect[];
  readonly records: readonly Record[];
}

/** The usual options. */
export const OPTIONS: ChatOptions = {
  lasts: true,
  replay: 0,
  keepRooms: 30,
  editMinutes: 60,
  motd: [],
};

/** A log as text: JSON, which is also a literal that a test can take as it is. */
export function print({ events, ...rest }: Printable): string {
  const lines = events.map((event) => `  ${JSON.stringify(event)}`);
  return `${JSON.stringify(rest).slice(0, -1)},"events":[\n${lines.join(",\n")}\n]}`;
}

/** What is printed: events, one a line, and what else there is. */
interface Printable {
  readonly options: ChatOptions;
  readonly events: readonly unknown[];
}

/** Has a failing property show a log in the form of `print`. */
export function printable<L extends Printable>(log: L): L {
  return Object.defineProperty(log, fc.toStringMethod, { value: () => print(log) });
}

/** A connection whose bytes go nowhere. */
const CONNECTION: LocalConnection = {
  encoder: { encode: () => undefined, describe: () => "" },
  outbox: {
    write: () => undefined,
    welcome: () => undefined,
    answered: () => undefined,
    end: () => undefined,
    named: () => undefined,
  },
  ...{ id: 0, member: 0, hearing: undefined, isWaiting: false, isWarned: false },
};

/** Folds a log, event by event, as the writer does. */
export class Fold {
  readonly chat: Chat;
  /** The connections of this process. */
  readonly #locals = new Map<number, LocalConnection>();

  constructor(chat: Chat) {
    this.chat = chat;
  }

  /** A chat of these options. */
  static of({ options }: Pick<Log, "options">): Fold {
    return new Fold(new Chat(options));
  }

  /** The same chat, from a snapshot that JSON has carried; the connections of this process stay. */
  restored(): Fold {
    const snapshot = JSON.parse(JSON.stringify(takeSnapshot(this.chat)));
    const copy = new Fold(restoreSnapshot(this.chat.options, snapshot));
    for (const [id, local] of this.#locals) copy.#locals.set(id, { ...local });
    return copy;
  }

  /** Folds or answers an event. */
  step([at, dueAt, event]: Timed): Step {
    if (event.kind === "join" && !this.#locals.has(event.id)) {
      this.#locals.set(event.id, { ...CONNECTION, id: event.id });
    }
    const local = "id" in event ? this.#locals.get(event.id) : undefined;
    if (event.kind === "job done" && local !== undefined) local.isWaiting = false;
    const shared = isShared(this.chat, event);
    if (shared) fold(this.chat, event, { at, dueAt });
    else if (local !== undefined) answer(this.chat, event, { local, time: { at, dueAt } });
    const effects = this.chat.effects.take(), records = this.chat.takeRecords();
    for (const effect of effects) {
      if (effect.kind === "end") this.#locals.delete(effect.connection);
    }
    return { isShared: shared, effects, records };
  }

  /** Folds an event, whatever it is: it may come from another server. */
  share([at, dueAt, event]: Timed<SharedEvent>): void {
    fold(this.chat, event, { at, dueAt });
    this.chat.effects.take();
    this.chat.takeRecords();
  }

  /** Folds all of a log. */
  run(events: readonly Timed[]): Step[] {
    return events.map((event) => this.step(event));
  }

  /** The state, as text. */
  get state(): string {
    return plain(takeSnapshot(this.chat));
  }
}

/** Plain data as text, whatever the order of its fields: throws a `TypeError` for what has a class or a function in it, except a search's. */
export function plain(value: unknown): string {
  return JSON.stringify(value, (key, each: unknown) => {
    if (typeof each === "function" && key === "rooms") return "a search's rooms";
    if (typeof each === "function") throw new TypeError(`${key} is a function`);
    if (each instanceof Set) return [...each];
    if (each instanceof Map) return [...each];
    if (typeof each !== "object" || each === null || Array.isArray(each)) return each;
    if (Object.getPrototypeOf(each) !== Object.prototype) {
      throw new TypeError(`${key} is a ${each.constructor.name}`);
    }
    return Object.fromEntries(Object.entries(each).sort(([one], [other]) => one < other ? -1 : 1));
  });
}
