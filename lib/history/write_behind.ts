// Writes each batch at once; while the disk fails, what waits is written behind it, in order.

import type { Message } from "../chat/message.ts";
import type { Forgotten, Record, SavedRoom } from "../chat/history.ts";
import { log } from "../log.ts";
import type { Metrics } from "../metrics.ts";
import type { Disk } from "./disk.ts";
import type { Gap, RecordWriter } from "./records.ts";
import { RetryBuffer } from "./retry_buffer.ts";

/** Records of one transaction, of those that waited; and milliseconds that are spent on them at once. */
const TOGETHER = 2000, TIME = 25;
/** A failed attempt is not repeated for so many times the time it took: a locked file takes long. */
const PAUSE = 10;

/** What it is given. */
export interface WriteBehindOptions {
  readonly writer: RecordWriter;
  readonly disk: Disk;
  readonly metrics: Metrics;
  /** Called with how many messages were written. */
  readonly onWritten: (count: number) => void;
}

/** Writes records, sooner or later. */
export class WriteBehind {
  readonly #options: WriteBehindOptions;
  readonly #waiting = new RetryBuffer();
  #pauseUntil = 0;
  /** Records besides messages that there was no room for, since the disk began to fail. */
  #lostChanges = 0;

  constructor(options: WriteBehindOptions) {
    this.#options = options;
  }

  /** Whether all is written. */
  get isDone(): boolean {
    return this.#waiting.isEmpty;
  }

  /** Writes a batch, or has it wait. */
  write(records: readonly Record[]): void {
    if (this.isDone && this.#attempt(records)) return;
    const { messages, changes } = this.#waiting.push(records);
    this.#options.metrics.historyLost += messages;
    this.#lostChanges += changes;
    if (performance.now() >= this.#pauseUntil) this.retry();
  }

  /** Writes what waits, for at most so many ms. */
  retry(time = TIME): void {
    const end = performance.now() + time;
    while (!this.isDone && performance.now() < end) {
      const records = this.#waiting.first(TOGETHER);
      const isAll = records.length === this.#waiting.count;
      const gap = isAll ? this.#waiting.gap : undefined;
      if (!this.#attempt(records, gap)) return;
      this.#waiting.written(records);
      if (!isAll) continue;
      log.warn("the history is written again");
      this.#tellLostChanges();
      if (gap === undefined) return;
      const { count, since, until } = gap;
      log.error("{count} messages from {since} to {until} are lost to the history", {
        count,
        since: new Date(since).toISOString(),
        until: new Date(until).toISOString(),
      });
    }
  }

  /** A room as it will be in the file, where `found` is the one that is there. */
  room(key: string, found: SavedRoom | undefined): SavedRoom | undefined {
    const waiting = this.#waiting.roomOf(key) ?? (found && this.#waiting.room(found.id)) ??
      found;
    return waiting === "gone" ? undefined : waiting;
  }

  /** What the file does not know yet of a room: how it is now, or that it is gone. */
  roomChange(id: number): SavedRoom | "gone" | undefined {
    return this.#waiting.room(id);
  }

  /** Messages that wait, in order. */
  said(): Message[] {
    return this.#waiting.said().flatMap((record) => record.kind === "said" ? [record.message] : []);
  }

  /** Drops what somebody said from what waits. */
  forget(whom: Forgotten): void {
    this.#waiting.forget(whom);
  }

  /** Writes what waits; says what the disk does not take. */
  close(): void {
    this.retry(Infinity);
    this.#tellLostChanges();
    const { count, messages: lost } = this.#waiting;
    if (count === 0) return;
    this.#options.metrics.historyLost += lost;
    log.error("{lost} messages are lost to the history: the disk did not take them", { lost });
    const changes = count - lost;
    if (changes > 0) {
      log.error("{changes} changes to rooms, names and bans are lost too", { changes });
    }
  }

  #tellLostChanges(): void {
    const changes = this.#lostChanges;
    this.#lostChanges = 0;
    if (changes > 0) {
      log.error("{changes} changes to rooms, names and bans are lost: too many waited", {
        changes,
      });
    }
  }

  #attempt(records: readonly Record[], gap?: Gap): boolean {
    const { disk, writer, onWritten } = this.#options;
    const start = performance.now();
    if (!disk.write(() => writer.write(records, gap))) {
      const end = performance.now();
      this.#pauseUntil = end + PAUSE * (end - start);
      return false;
    }
    onWritten(countSaid(records));
    return true;
  }
}

function countSaid(records: readonly Record[]): number {
  return records.reduce((count, { kind }) => kind === "said" ? count + 1 : count, 0);
}
